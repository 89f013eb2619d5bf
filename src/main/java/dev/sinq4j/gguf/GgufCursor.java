package dev.sinq4j.gguf;

import dev.sinq4j.failure.UnavailableFailure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Walks through a header; whatever a file claims, nothing is read, and little allocated, beyond its end. */
final class GgufCursor {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_DEPTH = 4;

    private final String file;
    private final MemorySegment bytes;
    private long at;

    GgufCursor(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long position() {
        return at;
    }

    int int32(String what) {
        return bytes.get(INT, advance(4, what));
    }

    /** An unsigned 64-bit number that has to be a sensible size or count. */
    long size(String what) {
        long value = bytes.get(LONG, advance(8, what));
        if (value < 0) throw new UnavailableFailure(file + ": " + what + " is absurd: " + Long.toUnsignedString(value));
        return value;
    }

    /** A count of things that take at least some bytes each. */
    long count(String what, long bytesEach) {
        long count = size(what);
        if (count > (bytes.byteSize() - at) / bytesEach)
            throw new UnavailableFailure(file + ": " + what + " is " + count
                    + ", more than the file has room for; it was cut short or damaged");
        return count;
    }

    /** A name: UTF-8, refused if it is not. */
    String name(String what) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(textBytes(what)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnavailableFailure(file + ": " + what + " is not UTF-8", e);
        }
    }

    private byte[] textBytes(String what) {
        long length = count("the length of " + what, 1);
        return bytes.asSlice(advance(length, what), length).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * A metadata value: Long, Double, Boolean, String or List. A text that is not UTF-8, as some tokens are not, gets U+FFFD. An
     * fp32 number becomes the fp64 number with the shortest decimal form that names it: 1e-5, not 0.00000999999974738.
     */
    Object value(int type, String what, int depth) {
        return switch (type) {
            case 0 -> (long) (bytes.get(ValueLayout.JAVA_BYTE, advance(1, what)) & 0xFF);
            case 1 -> (long) bytes.get(ValueLayout.JAVA_BYTE, advance(1, what));
            case 2 -> (long) (bytes.get(SHORT, advance(2, what)) & 0xFFFF);
            case 3 -> (long) bytes.get(SHORT, advance(2, what));
            case 4 -> Integer.toUnsignedLong(int32(what));
            case 5 -> (long) int32(what);
            case 6 -> Double.parseDouble(Float.toString(Float.intBitsToFloat(int32(what))));
            case 7 -> bytes.get(ValueLayout.JAVA_BYTE, advance(1, what)) != 0;
            case 8 -> new String(textBytes(what), StandardCharsets.UTF_8);
            case 9 -> array(what, depth);
            case 10, 11 -> bytes.get(LONG, advance(8, what));
            case 12 -> Double.longBitsToDouble(bytes.get(LONG, advance(8, what)));
            default -> throw new UnavailableFailure(file + ": " + what + " has a type nobody knows: " + type);
        };
    }

    private List<Object> array(String what, int depth) {
        if (depth == MAX_DEPTH) throw new UnavailableFailure(file + ": " + what + " is nested too deeply");
        int type = int32(what);
        long smallest = switch (type) {
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            case 9 -> 12;
            default -> 1;
        };
        long count = count("the number of elements of " + what, smallest);
        if (count > Integer.MAX_VALUE - 8) throw new UnavailableFailure(file + ": " + what + " is too long");
        List<Object> values = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) values.add(value(type, what, depth + 1));
        return values;
    }

    private long advance(long size, String what) {
        if (size > bytes.byteSize() - at)
            throw new UnavailableFailure(
                    file + ": the file ends inside " + what + "; it was cut short: fetch it again");
        long start = at;
        at += size;
        return start;
    }
}
