package dev.sinq4j.safetensors;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The file that says which shard holds which tensor: {@code model.safetensors.index.json}.
 *
 * @param shards    tensor name to the shard's path below the folder
 * @param totalSize bytes of all tensors together, if the index says so
 */
record ShardIndex(Map<String, String> shards, OptionalLong totalSize) {

    static ShardIndex read(Path path) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UnavailableFailure(path + ": cannot be read: " + e.getMessage(), e);
        }
        return parse(String.valueOf(path.getFileName()), bytes);
    }

    private static ShardIndex parse(String file, byte[] bytes) {
        Map<String, String> shards = new LinkedHashMap<>();
        OptionalLong totalSize = OptionalLong.empty();
        Set<String> seen = new HashSet<>();
        try (HeaderText text = HeaderText.open(file, bytes)) {
            text.openObject("the outermost value");
            while (text.hasMore()) {
                String key = text.key();
                if (!seen.add(key)) throw new UnavailableFailure(file + ": " + key + " is there twice");
                switch (key) {
                    case "weight_map" -> readShards(file, text, shards);
                    case "metadata" -> totalSize = readTotalSize(text);
                    default -> text.skip();
                }
            }
            text.requireEnd();
        }
        if (!seen.contains("weight_map")) throw new UnavailableFailure(file + ": no weight_map");
        return new ShardIndex(shards, totalSize);
    }

    /** The shards, each once, in the order of their first mention. */
    Set<String> files() {
        return new LinkedHashSet<>(shards.values());
    }

    private static void readShards(String file, HeaderText text, Map<String, String> shards) {
        text.openObject("weight_map");
        while (text.hasMore()) {
            String tensor = text.key();
            String shard = text.string("weight_map: '" + tensor + "'");
            checkPath(file, tensor, shard);
            if (shards.put(tensor, shard) != null)
                throw new UnavailableFailure(file + ": weight_map has tensor '" + tensor + "' twice");
        }
    }

    /** A shard lies inside the folder: anything else could make us read a file nobody meant. */
    private static void checkPath(String file, String tensor, String shard) {
        boolean absolute = shard.startsWith("/") || shard.startsWith("\\") || shard.matches("[A-Za-z]:.*");
        boolean climbs = List.of(shard.split("[/\\\\]")).contains("..");
        if (absolute || climbs || shard.isBlank() || shard.indexOf('\0') >= 0)
            throw new UnavailableFailure(
                    file + ": tensor '" + tensor + "': the shard '" + shard + "' is no path inside the model's folder");
    }

    private static OptionalLong readTotalSize(HeaderText text) {
        OptionalLong totalSize = OptionalLong.empty();
        if (text.skipNull()) return totalSize;
        text.openObject("metadata");
        while (text.hasMore()) {
            if (text.key().equals("total_size")) totalSize = OptionalLong.of(text.wholeNumber("metadata: total_size"));
            else text.skip();
        }
        return totalSize;
    }
}
