package dev.sinq4j.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether a folder in Hugging Face layout holds all of a model's files; a snapshot may be half fetched. */
public final class SnapshotFiles {

    private static final String INDEX = "model.safetensors.index.json";
    private static final String SINGLE = "model.safetensors";

    private SnapshotFiles() {}

    /** The files that are missing: configuration, weights, or the shards the weights' index names; empty if none is. */
    public static List<String> missing(Path folder) {
        SortedSet<String> missing = new TreeSet<>();
        if (!Files.exists(folder.resolve("config.json"))) missing.add("config.json");
        if (Files.exists(folder.resolve(INDEX))) {
            for (String shard : shards(folder.resolve(INDEX)))
                if (!Files.exists(folder.resolve(shard))) missing.add(shard);
        } else if (!Files.exists(folder.resolve(SINGLE))) {
            missing.add(SINGLE);
        }
        return List.copyOf(missing);
    }

    private static SortedSet<String> shards(Path index) {
        SortedSet<String> shards = new TreeSet<>();
        try {
            JsonNode map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
            map.elements().forEachRemaining(shard -> shards.add(shard.asText()));
        } catch (JsonProcessingException damaged) {
            return shards; // the reader of weights explains what is wrong with it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shards;
    }
}
