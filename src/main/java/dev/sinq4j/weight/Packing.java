package dev.sinq4j.weight;

/**
 * How code rows are put into containers, as the reference stores them. A code row is one group of one output row,
 * {@code group} codes wide; with N code rows in {@code slabs} slabs of R = ceil(N / slabs) rows,
 *
 * <pre>
 *   container(r, c) = OR over s of code(r + s * R, c) << (bits * (slabs - 1 - s))
 * </pre>
 *
 * Rows beyond N count as zero.
 *
 * @param bits           of a code
 * @param slabs          codes in one container
 * @param containerBytes 1 (u8) or 4 (i32)
 */
public record Packing(int bits, int slabs, int containerBytes) {

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
}
