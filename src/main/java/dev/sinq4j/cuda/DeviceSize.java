package dev.sinq4j.cuda;

import dev.sinq4j.quant.SearchTask;

/** Bytes of device memory that things take, from shapes alone. */
public final class DeviceSize {

    private static final int SCALE_AND_ZERO = 2;
    private static final int HALF = 2;

    /** What a driver's context, the loaded kernels, and small buffers take: an allowance, not measured. */
    public static final long CONTEXT = 512L << 20;

    private DeviceSize() {}

    /**
     * A packed matrix as {@link WeightUpload} lays it out.
     *
     * @param single      whether scales and zeros are fp32; fp16 otherwise
     * @param scaleBlocks rows of column scales; 0 for none
     */
    public static long packed(int bits, int rows, int columns, int group, boolean single, int scaleBlocks) {
        PlaneLayout planes = new PlaneLayout(bits, rows, columns);
        long pairs = (long) rows * Math.ceilDiv(columns, group);
        long auxiliaries = SCALE_AND_ZERO * pairs * (single ? Float.BYTES : HALF);
        return planes.bytes()
                + PlaneLayout.aligned(auxiliaries)
                + (long) Float.BYTES * Math.max(scaleBlocks, 0) * columns;
    }

    /**
     * The space that products of many tokens share: inputs in bf16, rows that are written out as bf16, statistics of losses.
     *
     * @param tokens     at once
     * @param columns    of the widest matrix
     * @param vocabulary of the head
     */
    public static long products(int tokens, int columns, int vocabulary) {
        long rounded = (long) HALF * tokens * LinearPrefill.width(columns);
        long statistics = 2L * Float.BYTES * tokens * Math.ceilDiv(vocabulary, LinearPrefill.TILE);
        return rounded + LinearPrefill.SLAB_BYTES + statistics;
    }

    /**
     * The space of rounding a matrix in tiles: as stored, in fp32, codes and auxiliaries; 0 for groups that are left to the CPU.
     *
     * @param numberBytes of a number as it is stored
     */
    public static long quantizing(int rows, int columns, int rowBlock, int group, int numberBytes) {
        if (!TileShape.fits(group)) return 0;
        TileShape shape = new TileShape(rows, columns, rowBlock, group);
        long auxiliaries = (long) rows * shape.across() * Float.BYTES * SCALE_AND_ZERO;
        return tiles(shape, numberBytes) + (long) rows * columns + auxiliaries;
    }

    /**
     * The space of looking for an activation scale: a matrix as stored and in fp32, the inputs, what a candidate changes, and its
     * errors; 0 for groups that are left to the CPU.
     *
     * @param numberBytes of a number of the matrix as it is stored
     * @param tokens      of the inputs
     */
    public static long searching(int rows, int columns, int group, int numberBytes, int tokens) {
        if (!TileShape.fits(group)) return 0;
        long errors = (long) SearchTask.CANDIDATES * CandidateErrors.blocks(rows, tokens) * Double.BYTES;
        return tiles(new TileShape(rows, columns, rows, group), numberBytes)
                + (long) Float.BYTES * columns * ((long) tokens + rows)
                + errors;
    }

    /** A matrix as it is stored, and as tiles with the scales of their rows. */
    private static long tiles(TileShape shape, int numberBytes) {
        return (long) numberBytes * shape.rows() * shape.columns()
                + shape.paddedNumbers() * Float.BYTES
                + 4 * shape.paddedRows() * Float.BYTES;
    }
}
