package dev.sinq4j.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** GGUF files made by hand: metadata first, then tensors, then data. */
final class GgufBytes {

    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private long entryCount;
    private long tensorCount;

    GgufBytes text(String key, String value) {
        return entry(key, 8, string(value));
    }

    GgufBytes uint32(String key, int value) {
        return entry(key, 4, int32(value));
    }

    GgufBytes float32(String key, float value) {
        return entry(key, 6, int32(Float.floatToRawIntBits(value)));
    }

    GgufBytes truth(String key, boolean value) {
        return entry(key, 7, new byte[] {(byte) (value ? 1 : 0)});
    }

    GgufBytes texts(String key, String... values) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.writeBytes(int32(8));
        array.writeBytes(int64(values.length));
        for (String value : values) array.writeBytes(string(value));
        return entry(key, 9, array.toByteArray());
    }

    GgufBytes int32s(String key, int... values) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.writeBytes(int32(5));
        array.writeBytes(int64(values.length));
        for (int value : values) array.writeBytes(int32(value));
        return entry(key, 9, array.toByteArray());
    }

    GgufBytes float32s(String key, float... values) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.writeBytes(int32(6));
        array.writeBytes(int64(values.length));
        for (float value : values) array.writeBytes(int32(Float.floatToRawIntBits(value)));
        return entry(key, 9, array.toByteArray());
    }

    GgufBytes entry(String key, int type, byte[] value) {
        entries.writeBytes(string(key));
        entries.writeBytes(int32(type));
        entries.writeBytes(value);
        entryCount++;
        return this;
    }

    /** @param sizes innermost first, as the file has them */
    GgufBytes tensor(String name, int type, long offset, long... sizes) {
        infos.writeBytes(string(name));
        infos.writeBytes(int32(sizes.length));
        for (long size : sizes) infos.writeBytes(int64(size));
        infos.writeBytes(int32(type));
        infos.writeBytes(int64(offset));
        tensorCount++;
        return this;
    }

    /** An fp32 tensor with its values, at the next multiple of 32. */
    GgufBytes floats(String name, float[] values, long... sizes) {
        while (data.size() % 32 != 0) data.write(0);
        tensor(name, 0, data.size(), sizes);
        for (float value : values) data.writeBytes(int32(Float.floatToRawIntBits(value)));
        return this;
    }

    GgufBytes data(byte[] bytes) {
        data.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(int32(3));
        file.writeBytes(int64(tensorCount));
        file.writeBytes(int64(entryCount));
        file.writeBytes(entries.toByteArray());
        file.writeBytes(infos.toByteArray());
        while (file.size() % 32 != 0) file.write(0);
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    static byte[] int64(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + utf8.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(utf8.length)
                .put(utf8)
                .array();
    }
}
