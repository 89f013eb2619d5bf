package dev.sinq4j.checkpoint;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Packing;

/**
 * The reference's containers of codes, see {@link Packing}. Code row {@code n = i * groups + t} holds row {@code i}, columns
 * {@code t * group ...} of the matrix; a last group that is shorter is filled up with zeros.
 *
 * @param rows    output features
 * @param columns input features
 * @param group   codes of a code row
 * @param bits    of a code
 */
record PackedCodes(int rows, int columns, int group, int bits) {

    /** Containers of one column: rows of the stored tensor. */
    int containerRows() {
        return Math.toIntExact(packing().containerRows(codeRows()));
    }

    /** Code rows, those that fill the last container not counted. */
    long codeRows() {
        return (long) rows * groups();
    }

    /** Element type of the stored tensor. */
    DType containerType() {
        return packing().containerBytes() == 1 ? DType.U8 : DType.I32;
    }

    /** Rows of zeros in the last container; the reference has them only where containers are 32 bits wide. */
    int rowsBeyondReference() {
        return packing().containerBytes() == 1
                ? (int) ((long) containerRows() * packing().slabs() - codeRows())
                : 0;
    }

    /**
     * @param codes (rows, columns), row-major
     * @return (containerRows, group), row-major, little-endian
     */
    byte[] pack(byte[] codes) {
        return packing().pack(withFullGroups(codes), Math.toIntExact(codeRows()), group);
    }

    /**
     * @param containers what {@link #pack} made
     * @return (rows, columns), row-major
     */
    byte[] unpack(byte[] containers) {
        return withoutFilling(packing().unpack(containers, Math.toIntExact(codeRows()), group));
    }

    private byte[] withFullGroups(byte[] codes) {
        int width = groups() * group;
        if (width == columns) return codes;
        byte[] full = new byte[Math.multiplyExact(rows, width)];
        for (int row = 0; row < rows; row++) System.arraycopy(codes, row * columns, full, row * width, columns);
        return full;
    }

    private byte[] withoutFilling(byte[] full) {
        int width = groups() * group;
        if (width == columns) return full;
        byte[] codes = new byte[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) System.arraycopy(full, row * width, codes, row * columns, columns);
        return codes;
    }

    private Packing packing() {
        return Packing.of(bits);
    }

    private int groups() {
        return PackedWeight.groups(columns, group);
    }
}
