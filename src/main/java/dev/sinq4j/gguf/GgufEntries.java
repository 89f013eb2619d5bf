package dev.sinq4j.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Metadata to be written: keys with values of the types that readers expect, in the order given. */
public final class GgufEntries {

    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Set<String> keys = new LinkedHashSet<>();

    /** A text. */
    public GgufEntries text(String key, String value) {
        begin(key, STRING);
        string(value);
        return this;
    }

    /** A whole number not below zero, as uint32. */
    public GgufEntries count(String key, int value) {
        if (value < 0) throw new IllegalArgumentException(key + " must not be below zero, was " + value);
        begin(key, UINT32);
        bytes.writeBytes(int32(value));
        return this;
    }

    /** An fp32 number. */
    public GgufEntries number(String key, float value) {
        begin(key, FLOAT32);
        bytes.writeBytes(int32(Float.floatToRawIntBits(value)));
        return this;
    }

    /** True or false. */
    public GgufEntries truth(String key, boolean value) {
        begin(key, BOOL);
        bytes.write(value ? 1 : 0);
        return this;
    }

    /** Texts. */
    public GgufEntries texts(String key, List<String> values) {
        beginArray(key, STRING, values.size());
        values.forEach(this::string);
        return this;
    }

    /** Whole numbers, as int32. */
    public GgufEntries ids(String key, int[] values) {
        beginArray(key, INT32, values.length);
        for (int value : values) bytes.writeBytes(int32(value));
        return this;
    }

    /** fp32 numbers. */
    public GgufEntries numbers(String key, float[] values) {
        beginArray(key, FLOAT32, values.length);
        for (float value : values) bytes.writeBytes(int32(Float.floatToRawIntBits(value)));
        return this;
    }

    int size() {
        return keys.size();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private void beginArray(String key, int type, int count) {
        begin(key, ARRAY);
        bytes.writeBytes(int32(type));
        bytes.writeBytes(int64(count));
    }

    private void begin(String key, int type) {
        if (!keys.add(key)) throw new IllegalArgumentException("metadata key " + key + " twice");
        string(key);
        bytes.writeBytes(int32(type));
    }

    private void string(String text) {
        bytes.writeBytes(string8(text));
    }

    static byte[] string8(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + utf8.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(utf8.length)
                .put(utf8)
                .array();
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    static byte[] int64(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
