package dev.sinq4j.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a safetensors file tensor by tensor, so that none but the one being written need be in memory. First all tensors are
 * declared, then each is written once, in any order and from any thread, then {@link #commit} is called. Until then the bytes
 * lie in a temporary sibling; a reader sees the whole file or none.
 *
 * <pre>{@code
 * try (var writer = SafetensorsWriter.create(path, Map.of("format", "pt"), declarations)) {
 *     for (...) writer.write(name, bytes);
 *     writer.commit();
 * }
 * }</pre>
 */
public final class SafetensorsWriter implements AutoCloseable {

    /**
     * A tensor to come.
     *
     * @param shape sizes, outermost first
     */
    public record Declaration(String name, DType dtype, List<Long> shape) {

        public Declaration {
            shape = List.copyOf(shape);
        }

        public static Declaration of(Tensor tensor) {
            return new Declaration(tensor.name(), tensor.dtype(), tensor.shape());
        }
    }

    private static final long CHUNK_BYTES = 1 << 26;
    private static final int ALIGNMENT = 8;

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final Map<String, Entry> entries;
    private final long dataStart;
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    private SafetensorsWriter(
            Path target, Path temporary, FileChannel channel, Map<String, Entry> entries, long dataStart) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
        this.entries = entries;
        this.dataStart = dataStart;
    }

    /**
     * Starts a file.
     *
     * @param metadata free text, stored under {@code __metadata__}
     * @throws UnavailableFailure if a name cannot be stored or is declared twice, or the file cannot be created
     */
    public static SafetensorsWriter create(Path target, Map<String, String> metadata, List<Declaration> tensors) {
        Map<String, Entry> entries = layout(target, tensors);
        byte[] header = header(metadata, entries.values());
        Path temporary = sibling(target);
        try {
            FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            writeAt(channel, ByteBuffer.wrap(header), 0);
            return new SafetensorsWriter(target, temporary, channel, entries, header.length);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /**
     * Writes one tensor.
     *
     * @param data exactly the bytes its declaration takes, little-endian, row-major
     */
    public void write(String name, MemorySegment data) {
        @Nullable Entry entry = entries.get(name);
        if (entry == null) throw new IllegalArgumentException("tensor '" + name + "' was not declared");
        if (data.byteSize() != entry.end() - entry.begin())
            throw new IllegalArgumentException("tensor '" + name + "': " + entry.dtype() + entry.shape() + " takes "
                    + (entry.end() - entry.begin()) + " bytes, not " + data.byteSize());
        if (!written.add(name)) throw new IllegalArgumentException("tensor '" + name + "' is written twice");
        try {
            for (long from = 0; from < data.byteSize(); from += CHUNK_BYTES) {
                long bytes = Math.min(CHUNK_BYTES, data.byteSize() - from);
                writeAt(channel, data.asSlice(from, bytes).asByteBuffer(), dataStart + entry.begin() + from);
            }
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Makes the file visible under its name, on the disk rather than in a buffer. */
    public void commit() {
        if (written.size() != entries.size()) {
            Set<String> missing = new HashSet<>(entries.keySet());
            missing.removeAll(written);
            throw new IllegalStateException(target + ": declared but not written: " + missing);
        }
        try {
            channel.force(true);
            channel.close();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Without a {@link #commit} before, leaves nothing behind. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** The rename itself lives in the folder; where a system cannot sync folders, the file's own sync has to do. */
    private void syncFolder() {
        try (FileChannel folder = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException unsupported) {
            // as documented above
        }
    }

    /** Wide elements first, so that every tensor is aligned to its element; otherwise in the order declared. */
    private static Map<String, Entry> layout(Path target, List<Declaration> tensors) {
        List<Declaration> sorted = new ArrayList<>(tensors);
        sorted.sort(Comparator.comparingInt((Declaration t) -> t.dtype().bits()).reversed());
        Map<String, Entry> entries = new LinkedHashMap<>();
        long begin = 0;
        for (Declaration tensor : sorted) {
            String name = tensor.name();
            if (name.equals(Header.METADATA))
                throw new UnavailableFailure(target + ": a tensor cannot be called " + Header.METADATA);
            long end = begin + Entry.bytes(tensor.dtype(), tensor.shape());
            if (entries.put(name, new Entry(name, tensor.dtype(), tensor.shape(), begin, end)) != null)
                throw new UnavailableFailure(target + ": tensor '" + name + "' is declared twice");
            begin = end;
        }
        return entries;
    }

    /** Length and JSON, padded with blanks so that the data starts at a multiple of 8. */
    private static byte[] header(Map<String, String> metadata, Iterable<Entry> entries) {
        byte[] json = json(metadata, entries);
        int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(json);
        while (header.hasRemaining()) header.put((byte) ' ');
        return header.array();
    }

    private static byte[] json(Map<String, String> metadata, Iterable<Entry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(Header.METADATA);
                for (Map.Entry<String, String> text : metadata.entrySet())
                    json.writeStringField(text.getKey(), text.getValue());
                json.writeEndObject();
            }
            for (Entry entry : entries) {
                json.writeObjectFieldStart(entry.name());
                json.writeStringField("dtype", entry.dtype().name());
                writeSizes(json, "shape", entry.shape());
                writeSizes(json, "data_offsets", List.of(entry.begin(), entry.end()));
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UnavailableFailure(
                    "a tensor's name or metadata cannot be written as UTF-8: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static void writeSizes(JsonGenerator json, String field, List<Long> sizes) throws IOException {
        json.writeArrayFieldStart(field);
        for (long size : sizes) json.writeNumber(size);
        json.writeEndArray();
    }

    private static void writeAt(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) at += channel.write(bytes, at);
    }

    private static Path sibling(Path target) {
        String unique = ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        return target.resolveSibling("." + target.getFileName() + "." + unique + ".tmp");
    }

    private static UnavailableFailure failed(Path target, IOException cause) {
        return new UnavailableFailure(target + ": cannot be written: " + cause, cause);
    }
}
