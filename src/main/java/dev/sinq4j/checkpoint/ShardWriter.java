package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.safetensors.SafetensorsWriter;
import dev.sinq4j.safetensors.SafetensorsWriter.Declaration;
import dev.sinq4j.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts a stream of tensors into safetensors shards and their index. A shard ends before the tensor that would pass the
 * limit; a tensor larger than the limit gets a shard of its own. How many shards there will be, and where each tensor lies
 * in its shard, is known only at the end, so tensors are spilled to a file first: memory holds one tensor, the disk one
 * shard more than the result.
 *
 * <p>Inside a shard tensors are sorted by element type and name, as the reference's library does.
 */
final class ShardWriter implements AutoCloseable {

    static final String INDEX = "model.safetensors.index.json";
    static final String SINGLE = "model.safetensors";

    private static final long CHUNK_BYTES = 1 << 26;
    private static final Comparator<Tensor> LAYOUT =
            Comparator.comparing(Tensor::dtype).reversed().thenComparing(Tensor::name);

    private final Path folder;
    private final long maxBytes;
    private final Map<String, String> metadata;
    private final Path spillPath;
    private final FileChannel spill;
    private final List<Spilled> current = new ArrayList<>();
    private final List<Path> shards = new ArrayList<>();
    private final Map<String, Integer> shardOf = new LinkedHashMap<>();
    private long currentBytes;
    private long totalBytes;

    /** A tensor's description and where its bytes lie in the spill file. */
    private record Spilled(Declaration declaration, long offset, long bytes) {
        Tensor in(MemorySegment file) {
            return new Tensor(
                    declaration.name(), declaration.dtype(), declaration.shape(), file.asSlice(offset, bytes));
        }
    }

    /**
     * @param folder   exists, and nobody else writes there
     * @param maxBytes most bytes of a shard's tensors
     * @param metadata of every shard
     */
    ShardWriter(Path folder, long maxBytes, Map<String, String> metadata) {
        if (maxBytes < 1) throw new IllegalArgumentException("a shard holds at least one byte, not " + maxBytes);
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.metadata = metadata;
        this.spillPath = folder.resolve("spill.tmp");
        try {
            this.spill = FileChannel.open(
                    spillPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(spillPath, e);
        }
    }

    /** Takes the next tensor; its memory may be reused afterwards. */
    void add(Tensor tensor) {
        long bytes = tensor.data().byteSize();
        if (!current.isEmpty() && currentBytes + bytes > maxBytes) flush();
        if (shardOf.put(tensor.name(), shards.size()) != null)
            throw new IllegalArgumentException("tensor '" + tensor.name() + "' is written twice");
        append(tensor.data(), currentBytes);
        current.add(new Spilled(Declaration.of(tensor), currentBytes, bytes));
        currentBytes += bytes;
        totalBytes += bytes;
    }

    /** Bytes of all tensors so far. */
    long totalBytes() {
        return totalBytes;
    }

    /** Writes what is left, gives the shards their names and writes the index. */
    void finishSharded() {
        flush();
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.putObject("metadata").put("total_size", totalBytes);
        ObjectNode map = index.putObject("weight_map");
        shardOf.forEach((tensor, shard) -> map.put(tensor, shardName(shard)));
        for (int shard = 0; shard < shards.size(); shard++) rename(shards.get(shard), shardName(shard));
        DurableFiles.write(folder.resolve(INDEX), PythonJson.bytes(index));
    }

    /** Like {@link #finishSharded}, but a single shard is called {@value #SINGLE} and has no index. */
    void finishPlain() {
        flush();
        if (shards.size() == 1) rename(shards.getFirst(), SINGLE);
        else finishSharded();
    }

    /** Removes the spill file; finished shards stay. */
    @Override
    public void close() {
        try {
            spill.close();
            Files.deleteIfExists(spillPath);
        } catch (IOException e) {
            throw failed(spillPath, e);
        }
    }

    private String shardName(int shard) {
        return "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards.size());
    }

    private void append(MemorySegment data, long offset) {
        try {
            for (long from = 0; from < data.byteSize(); from += CHUNK_BYTES) {
                ByteBuffer bytes = data.asSlice(from, Math.min(CHUNK_BYTES, data.byteSize() - from))
                        .asByteBuffer();
                for (long at = offset + from; bytes.hasRemaining(); ) at += spill.write(bytes, at);
            }
        } catch (IOException e) {
            throw failed(spillPath, e);
        }
    }

    private void flush() {
        if (current.isEmpty()) return;
        Path shard = folder.resolve("shard-%05d.part".formatted(shards.size()));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = spill.map(MapMode.READ_ONLY, 0, currentBytes, arena);
            List<Tensor> tensors = new ArrayList<>();
            for (Spilled spilled : current) tensors.add(spilled.in(bytes));
            writeShard(shard, tensors);
        } catch (IOException e) {
            throw failed(shard, e);
        }
        shards.add(shard);
        current.clear();
        currentBytes = 0;
    }

    private void writeShard(Path path, List<Tensor> tensors) {
        List<Tensor> sorted = tensors.stream().sorted(LAYOUT).toList();
        List<Declaration> declarations = sorted.stream().map(Declaration::of).toList();
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, metadata, declarations)) {
            for (Tensor tensor : sorted) writer.write(tensor.name(), tensor.data());
            writer.commit();
        }
    }

    private void rename(Path from, String name) {
        try {
            Files.move(from, folder.resolve(name));
        } catch (IOException e) {
            throw failed(folder.resolve(name), e);
        }
    }

    private static UnavailableFailure failed(Path path, IOException cause) {
        return new UnavailableFailure(path + ": cannot be written: " + cause, cause);
    }
}
