package dev.sinq4j.gguf;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An open GGUF file (version 2 or 3, little-endian), memory-mapped.
 *
 * <pre>
 *   "GGUF", version, number of tensors, number of metadata entries
 *   metadata     key, type, value
 *   tensors      name, number of dimensions, sizes (innermost first), type, offset from the start of the data
 *   data         starts, as every tensor, at a multiple of general.alignment (32 unless given)
 * </pre>
 *
 * The file owns the mapped memory of all its tensors; after {@link #close} they must not be read any more.
 */
public final class GgufFile implements AutoCloseable {

    private static final int MAGIC = 0x46554747;
    private static final int MAX_DIMENSIONS = 4;
    private static final long SMALLEST_ENTRY = 13; // empty key, type, one byte
    private static final long SMALLEST_TENSOR = 24; // empty name, no dimension, type, offset

    private final Path path;
    private final Arena arena;
    private final Map<String, Object> metadata;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(Path path, Arena arena, Map<String, Object> metadata, Map<String, GgufTensor> tensors) {
        this.path = path;
        this.arena = arena;
        this.metadata = Collections.unmodifiableMap(metadata);
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /** What the header says about a tensor; offset from the start of the data. */
    private record Info(String name, List<Long> shape, GgufType type, long offset, long bytes) {}

    /**
     * Maps a file and checks its whole header.
     *
     * @throws UnavailableFailure naming file, entry and what is wrong, if the file is absent, unreadable or not valid
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena is this object's, closed with it
    public static GgufFile open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            return parse(path, arena, map(path, arena));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static MemorySegment map(Path path, Arena arena) {
        if (Files.isDirectory(path)) throw new UnavailableFailure(path + " is a folder, not a GGUF file");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new UnavailableFailure(path + ": no such file", e);
        } catch (IOException e) {
            throw new UnavailableFailure(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static GgufFile parse(Path path, Arena arena, MemorySegment bytes) {
        String file = String.valueOf(path.getFileName());
        GgufCursor cursor = new GgufCursor(file, bytes);
        checkVersion(file, cursor);
        long tensorCount = cursor.count("the number of tensors", SMALLEST_TENSOR);
        long entryCount = cursor.count("the number of metadata entries", SMALLEST_ENTRY);
        Map<String, Object> metadata = readMetadata(file, cursor, entryCount);
        long alignment = alignment(file, metadata);
        List<Info> infos = readInfos(file, cursor, tensorCount, alignment);
        long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
        checkLayout(file, infos, bytes.byteSize() - dataStart);
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (Info info : infos) {
            long start = info.bytes() == 0 ? 0 : dataStart + info.offset();
            MemorySegment data = bytes.asSlice(start, info.bytes());
            GgufTensor tensor = new GgufTensor(info.name(), info.type(), info.shape(), data);
            if (tensors.put(info.name(), tensor) != null)
                throw new UnavailableFailure(file + ": tensor '" + info.name() + "' is listed twice");
        }
        return new GgufFile(path, arena, metadata, tensors);
    }

    private static void checkVersion(String file, GgufCursor cursor) {
        int magic = cursor.int32("the first four bytes");
        if (magic != MAGIC) throw new UnavailableFailure(file + ": not a GGUF file: it does not start with GGUF");
        int version = cursor.int32("the version");
        if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3))
            throw new UnavailableFailure(file + ": a big-endian GGUF file; only little-endian ones can be read");
        if (version != 2 && version != 3)
            throw new UnavailableFailure(file + ": GGUF version " + version + "; only 2 and 3 can be read");
    }

    private static Map<String, Object> readMetadata(String file, GgufCursor cursor, long count) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key = cursor.name("metadata key " + i);
            Object value = cursor.value(cursor.int32("the type of '" + key + "'"), "'" + key + "'", 0);
            if (metadata.put(key, value) != null)
                throw new UnavailableFailure(file + ": the metadata has '" + key + "' twice");
        }
        return metadata;
    }

    private static long alignment(String file, Map<String, Object> metadata) {
        Object alignment = metadata.getOrDefault("general.alignment", 32L);
        if (alignment instanceof Long bytes && bytes > 0 && bytes <= 1 << 20 && Long.bitCount(bytes) == 1) return bytes;
        throw new UnavailableFailure(file + ": general.alignment is no power of two up to 2^20: " + alignment);
    }

    private static List<Info> readInfos(String file, GgufCursor cursor, long count, long alignment) {
        List<Info> infos = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            String name = cursor.name("the name of tensor " + i);
            String tensor = "tensor '" + name + "'";
            int dimensions = cursor.int32("the dimensions of " + tensor);
            if (dimensions < 0 || dimensions > MAX_DIMENSIONS)
                throw new UnavailableFailure(file + ": " + tensor + " has " + Integer.toUnsignedString(dimensions)
                        + " dimensions; at most " + MAX_DIMENSIONS + " are allowed");
            List<Long> shape = new ArrayList<>();
            for (int d = 0; d < dimensions; d++) shape.addFirst(cursor.size("a size of " + tensor));
            long typeId = Integer.toUnsignedLong(cursor.int32("the type of " + tensor));
            GgufType type = GgufType.of(typeId)
                    .orElseThrow(() -> new UnavailableFailure(file + ": " + tensor + " has type number " + typeId
                            + ", which is none of those that can be read: " + GgufType.all()));
            long offset = cursor.size("the offset of " + tensor);
            if (offset % alignment != 0)
                throw new UnavailableFailure(
                        file + ": " + tensor + " starts at byte " + offset + ", no multiple of " + alignment);
            infos.add(new Info(name, shape, type, offset, bytes(file, tensor, type, shape)));
        }
        return infos;
    }

    private static long bytes(String file, String tensor, GgufType type, List<Long> shape) {
        long inner = shape.isEmpty() ? 1 : shape.getLast();
        if (inner % type.elementsPerBlock() != 0)
            throw new UnavailableFailure(file + ": " + tensor + ": rows of " + inner + " do not divide into " + type
                    + " blocks of " + type.elementsPerBlock());
        try {
            long elements = 1;
            for (long size : shape) elements = Math.multiplyExact(elements, size);
            return Math.multiplyExact(elements / type.elementsPerBlock(), type.bytesPerBlock());
        } catch (ArithmeticException e) {
            throw new UnavailableFailure(
                    file + ": " + tensor + ": shape " + shape + " is too large to count its bytes", e);
        }
    }

    private static void checkLayout(String file, List<Info> infos, long dataBytes) {
        List<Info> sorted = new ArrayList<>(infos);
        sorted.sort(Comparator.comparingLong(Info::offset).thenComparingLong(Info::bytes));
        long end = 0;
        String before = "";
        for (Info info : sorted) {
            String tensor = file + ": tensor '" + info.name() + "'";
            if (info.bytes() > 0 && info.offset() < end)
                throw new UnavailableFailure(
                        tensor + " starts at byte " + info.offset() + " but '" + before + "' ends at byte " + end);
            if (info.bytes() > dataBytes - info.offset())
                throw new UnavailableFailure(tensor + " takes " + info.bytes() + " bytes from byte " + info.offset()
                        + " on but the file holds only " + Math.max(0, dataBytes)
                        + " bytes of data; it was cut short: fetch it again");
            if (info.bytes() == 0) continue;
            end = info.offset() + info.bytes();
            before = info.name();
        }
    }

    public Path path() {
        return path;
    }

    /** Metadata by key, in the file's order: Long, Double, Boolean, String or a list of these. */
    public Map<String, Object> metadata() {
        return metadata;
    }

    /** All tensors by name, in the order listed. */
    public Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /** Unmaps the file; its tensors must not be read any more. */
    @Override
    public void close() {
        arena.close();
    }
}
