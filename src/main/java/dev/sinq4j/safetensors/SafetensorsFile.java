package dev.sinq4j.safetensors;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An open safetensors file, memory-mapped.
 *
 * <pre>
 *   8 bytes   length N of the header, unsigned little-endian, at most 100 000 000
 *   N bytes   header: JSON in UTF-8, tensor name -> dtype, shape, data_offsets [begin, end)
 *   the rest  the tensors' numbers, row-major, little-endian, without gaps, in any alignment
 * </pre>
 *
 * Stricter than the reference implementation in one point: no tensor may be listed twice. The file owns the mapped memory of all
 * its tensors; {@link #close} unmaps it, after which reading a tensor fails.
 */
public final class SafetensorsFile implements AutoCloseable {

    private static final int LENGTH_BYTES = 8;
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Arena arena;
    private final Map<String, String> metadata;
    private final Map<String, Tensor> tensors;

    private SafetensorsFile(Path path, Arena arena, Map<String, String> metadata, Map<String, Tensor> tensors) {
        this.path = path;
        this.arena = arena;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /**
     * Maps a file and checks its whole header.
     *
     * @throws UnavailableFailure naming file, tensor and field, if the file is absent, unreadable or not valid
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena is this object's, closed with it
    public static SafetensorsFile open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment bytes = map(path, arena);
            return parse(path, arena, bytes);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static MemorySegment map(Path path, Arena arena) {
        if (Files.isDirectory(path)) throw new UnavailableFailure(path + " is a folder, not a safetensors file");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new UnavailableFailure(path + ": no such file", e);
        } catch (IOException e) {
            throw new UnavailableFailure(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static SafetensorsFile parse(Path path, Arena arena, MemorySegment bytes) {
        String file = String.valueOf(path.getFileName());
        long dataStart = LENGTH_BYTES + headerLength(file, bytes);
        byte[] json = bytes.asSlice(LENGTH_BYTES, dataStart - LENGTH_BYTES).toArray(ValueLayout.JAVA_BYTE);
        Header header = Header.parse(file, json, bytes.byteSize() - dataStart);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : header.entries()) {
            MemorySegment data = bytes.asSlice(dataStart + entry.begin(), entry.end() - entry.begin());
            tensors.put(entry.name(), new Tensor(entry.name(), entry.dtype(), entry.shape(), data));
        }
        return new SafetensorsFile(path, arena, header.metadata(), Collections.unmodifiableMap(tensors));
    }

    private static long headerLength(String file, MemorySegment bytes) {
        long size = bytes.byteSize();
        if (size < LENGTH_BYTES)
            throw new UnavailableFailure(file + ": " + size + " bytes are too few for the 8 of the header's length");
        long length = bytes.get(LENGTH, 0);
        String claim = file + ": the header claims " + Long.toUnsignedString(length) + " bytes";
        if (length == 0) throw new UnavailableFailure(claim + "; not even {} fits");
        if (Long.compareUnsigned(length, Header.MAX_BYTES) > 0)
            throw new UnavailableFailure(claim + ", more than the " + Header.MAX_BYTES + " the format allows");
        if (length > size - LENGTH_BYTES)
            throw new UnavailableFailure(claim + " but only " + (size - LENGTH_BYTES) + " follow");
        return length;
    }

    public Path path() {
        return path;
    }

    /** The file's free text; empty if it has none. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** All tensors by name, in the order of their data. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /** Unmaps the file; its tensors must not be read any more. */
    @Override
    public void close() {
        arena.close();
    }
}
