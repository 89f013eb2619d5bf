package dev.sinq4j.checkpoint;

import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over texts, tensors and numbers, each with its length, so that no two inputs run together. */
final class Digests {

    private static final int CHUNK = 1 << 20;

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    /** Name, type, shape and numbers. */
    static void add(MessageDigest digest, Tensor tensor) {
        add(digest, tensor.name() + " " + tensor.dtype() + " " + tensor.shape());
        MemorySegment data = tensor.data();
        for (long from = 0; from < data.byteSize(); from += CHUNK)
            digest.update(
                    data.asSlice(from, Math.min(CHUNK, data.byteSize() - from)).asByteBuffer());
    }

    /** The first {@code count} numbers. */
    static void add(MessageDigest digest, float[] values, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * Math.min(CHUNK, Math.max(1, count)));
        for (int from = 0; from < count; from += CHUNK) {
            bytes.clear();
            int size = Math.min(CHUNK, count - from);
            bytes.asFloatBuffer().put(values, from, size);
            digest.update(bytes.limit(Float.BYTES * size));
        }
    }
}
