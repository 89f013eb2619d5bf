package dev.sinq4j.gguf;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a GGUF file, version 3. All tensors are declared first; their rows may then come in any order. The file appears under its
 * name only by {@link #commit}, complete and on the disk; until then it is a temporary sibling, which {@link #close} removes.
 */
public final class GgufWriter implements AutoCloseable {

    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;

    /**
     * A tensor to come.
     *
     * @param shape sizes, outermost first
     */
    public record Declaration(String name, GgufType type, List<Long> shape) {

        public Declaration {
            shape = List.copyOf(shape);
            if (!type.encodes()) throw new IllegalArgumentException(type + " can be read, not written");
            if (columns(shape) % type.elementsPerBlock() != 0)
                throw new IllegalArgumentException(name + ": rows of " + columns(shape) + " do not divide into " + type
                        + " blocks of " + type.elementsPerBlock());
        }

        /** Numbers of a row. */
        public int columns() {
            return Math.toIntExact(columns(shape));
        }

        /** Rows of all outer dimensions. */
        public long rows() {
            return shape.stream().limit(Math.max(0, shape.size() - 1)).reduce(1L, Math::multiplyExact);
        }

        /** Bytes of the data. */
        public long bytes() {
            return Math.multiplyExact(rows(), type.bytes(columns()));
        }

        private static long columns(List<Long> shape) {
            return shape.isEmpty() ? 1 : shape.getLast();
        }
    }

    /** @param start of the data, from the start of the file */
    private record Place(Declaration declaration, long start) {}

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Long> rowsMissing = new HashMap<>();
    private boolean committed;

    private GgufWriter(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Starts a file beside its final place.
     *
     * @throws UnavailableFailure if the place cannot be written to
     */
    public static GgufWriter create(Path target, GgufEntries metadata, List<Declaration> tensors) {
        Path absolute = target.toAbsolutePath().normalize();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + ".tmp");
        try {
            Files.createDirectories(absolute.getParent());
            FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            GgufWriter writer = new GgufWriter(absolute, temporary, channel);
            try {
                writer.header(metadata, tensors);
                return writer;
            } catch (RuntimeException | Error | IOException e) {
                writer.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UnavailableFailure(target + ": cannot be written: " + e, e);
        }
    }

    private void header(GgufEntries metadata, List<Declaration> tensors) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        header.writeBytes(GgufEntries.int32(VERSION));
        header.writeBytes(GgufEntries.int64(tensors.size()));
        header.writeBytes(GgufEntries.int64(metadata.size()));
        header.writeBytes(metadata.bytes());
        long offset = 0;
        Map<String, Long> offsets = new HashMap<>();
        for (Declaration tensor : tensors) {
            if (offsets.put(tensor.name(), offset) != null)
                throw new IllegalArgumentException("tensor " + tensor.name() + " is declared twice");
            info(header, tensor, offset);
            offset = align(Math.addExact(offset, tensor.bytes()));
        }
        long dataStart = align(header.size());
        for (Declaration tensor : tensors) {
            places.put(tensor.name(), new Place(tensor, dataStart + offsets.getOrDefault(tensor.name(), 0L)));
            rowsMissing.put(tensor.name(), tensor.rows());
        }
        writeAt(header.toByteArray(), 0);
        // the last tensor's padding is part of the file for some readers
        if (offset > 0) writeAt(new byte[1], dataStart + offset - 1);
    }

    private static void info(ByteArrayOutputStream header, Declaration tensor, long offset) {
        header.writeBytes(GgufEntries.string8(tensor.name()));
        List<Long> shape = tensor.shape().isEmpty() ? List.of(1L) : tensor.shape();
        header.writeBytes(GgufEntries.int32(shape.size()));
        for (long size : shape.reversed()) header.writeBytes(GgufEntries.int64(size));
        header.writeBytes(GgufEntries.int32(tensor.type().id()));
        header.writeBytes(GgufEntries.int64(offset));
    }

    /**
     * Rounds one row to its blocks.
     *
     * @param row    of all outer dimensions, counted on
     * @param values as many as a row has, finite
     */
    public void row(String tensor, long row, float[] values) {
        @Nullable Place place = places.get(tensor);
        if (place == null) throw new IllegalArgumentException("tensor " + tensor + " was not declared");
        Declaration declaration = place.declaration();
        byte[] blocks = new byte[Math.toIntExact(declaration.type().bytes(declaration.columns()))];
        declaration.type().encode(values, 0, declaration.columns(), blocks, 0);
        try {
            writeAt(blocks, place.start() + row * blocks.length);
        } catch (IOException e) {
            throw new UnavailableFailure(target + ": cannot be written: " + e, e);
        }
        rowsMissing.merge(tensor, -1L, Long::sum);
    }

    private void writeAt(byte[] bytes, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (long at = position; buffer.hasRemaining(); ) at += channel.write(buffer, at);
    }

    /**
     * Puts the file on the disk and gives it its name, replacing what is there.
     *
     * @throws IllegalStateException if a row never came
     */
    public void commit() {
        rowsMissing.forEach((name, rows) -> {
            if (rows != 0) throw new IllegalStateException("tensor " + name + " lacks " + rows + " rows");
        });
        try {
            channel.force(true);
            channel.close();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            committed = true;
        } catch (IOException e) {
            throw new UnavailableFailure(target + ": cannot be written: " + e, e);
        }
    }

    /** Without a {@link #commit} before, leaves nothing behind. */
    @Override
    public void close() {
        try {
            channel.close();
            if (!committed) Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UnavailableFailure(temporary + ": cannot be removed: " + e, e);
        }
    }

    private static long align(long offset) {
        return Math.ceilDiv(offset, ALIGNMENT) * ALIGNMENT;
    }
}
