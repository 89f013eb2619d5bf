package dev.sinq4j.weight;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How code rows are put into containers, as the reference stores them. A code row is one group of one output row,
 * {@code group} codes wide; with N code rows in {@code slabs} slabs of R = ceil(N / slabs) rows,
 *
 * <pre>
 *   container(r, c) = OR over s of code(r + s * R, c) << (bits * (slabs - 1 - s))
 * </pre>
 *
 * Rows beyond N count as zero, so any N can be packed. (The reference pads only the i32 containers: with u8 containers and
 * an N that is not a multiple of the slabs it fails, drops rows or packs wrong ones.)
 *
 * @param bits           of a code
 * @param slabs          codes in one container
 * @param containerBytes 1 (u8) or 4 (i32)
 */
public record Packing(int bits, int slabs, int containerBytes) {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** The container of a bit width. */
    public static Packing of(int bits) {
        return switch (bits) {
            case 8, 7 -> new Packing(8, 1, 1);
            case 4 -> new Packing(4, 2, 1);
            case 2 -> new Packing(2, 4, 1);
            case 1 -> new Packing(1, 8, 1);
            case 3 -> new Packing(3, 10, 4);
            case 5 -> new Packing(5, 6, 4);
            case 6 -> new Packing(6, 5, 4);
            default -> throw new IllegalArgumentException("bits must be 1 to 8, was " + bits);
        };
    }

    /** Container rows for {@code codeRows} code rows. */
    public long containerRows(long codeRows) {
        return Math.ceilDiv(codeRows, (long) slabs);
    }

    /** Bytes of the packed codes. */
    public long bytes(long codeRows, int group) {
        return containerRows(codeRows) * group * containerBytes;
    }

    /**
     * Packs code rows.
     *
     * @param codes (codeRows, group), each below 2^bits
     * @return (containerRows, group) containers, little-endian
     */
    public byte[] pack(byte[] codes, int codeRows, int group) {
        requireLength("codes", codes.length, (long) codeRows * group);
        byte[] packed = new byte[Math.toIntExact(bytes(codeRows, group))];
        int slab = Math.toIntExact(containerRows(codeRows) * group);
        if (containerBytes == 1) packBytes(codes, slab, packed);
        else packInts(codes, slab, packed);
        return packed;
    }

    /** Slab by slab, eight containers at a time: a code and its shift stay within their byte. */
    private void packBytes(byte[] codes, int slab, byte[] packed) {
        for (int s = 0; s < slabs; s++) {
            int from = s * slab;
            int count = Math.min(slab, codes.length - from);
            int shift = shift(s);
            int i = 0;
            for (; i <= count - Long.BYTES; i += Long.BYTES)
                LONGS.set(packed, i, (long) LONGS.get(packed, i) | (long) LONGS.get(codes, from + i) << shift);
            for (; i < count; i++) packed[i] |= (byte) (codes[from + i] << shift);
        }
    }

    /** Container by container, each written once. */
    private void packInts(byte[] codes, int slab, byte[] packed) {
        for (int i = 0; i < slab; i++) {
            int container = 0;
            for (int s = 0, at = i; s < slabs && at < codes.length; s++, at += slab)
                container |= (codes[at] & 0xFF) << shift(s);
            INTS.set(packed, i * 4, container);
        }
    }

    /**
     * The inverse of {@link #pack}; rows beyond {@code codeRows} are dropped.
     *
     * @param packed (containerRows, group) containers, little-endian
     * @return (codeRows, group)
     */
    public byte[] unpack(byte[] packed, int codeRows, int group) {
        requireLength("containers", packed.length, bytes(codeRows, group));
        byte[] codes = new byte[Math.multiplyExact(codeRows, group)];
        int slabRows = Math.toIntExact(containerRows(codeRows));
        int mask = (1 << bits) - 1;
        for (int row = 0; row < codeRows; row++) {
            int shift = shift(row / slabRows);
            int first = row % slabRows * group;
            for (int c = 0; c < group; c++) codes[row * group + c] = (byte) (get(packed, first + c) >>> shift & mask);
        }
        return codes;
    }

    private int shift(int slab) {
        return bits * (slabs - 1 - slab);
    }

    private int get(byte[] packed, int container) {
        return containerBytes == 1 ? packed[container] & 0xFF : (int) INTS.get(packed, container * 4);
    }

    private static void requireLength(String what, int found, long expected) {
        if (found != expected)
            throw new IllegalArgumentException(what + ": expected " + expected + " bytes, found " + found);
    }
}
