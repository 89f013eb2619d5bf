package dev.sinq4j.kernel;

/**
 * The arithmetic of quantizing one tile, a row-major {@code float[]} of rows x columns. Divisions and products are fp32,
 * one rounding each, so that both implementations give the same bits; sums are fp64 and rounded to fp32 once, so that
 * their order does not show (two orders differ in the fp32 result with a probability of about 1e-6).
 */
public interface TileKernels {

    /** The fastest this JVM has: on the Vector API where its module is there. */
    static TileKernels fastest() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()
                ? new ScalarTileKernels()
                : new VectorTileKernels();
    }

    /** Plain loops: the reference. */
    static TileKernels scalar() {
        return new ScalarTileKernels();
    }

    /** Lets the JVM compile what Sinkhorn's iteration calls, once a process; does nothing where that would not pay. */
    default void rehearse() {}

    /**
     * Unbiased standard deviations of {@code (tile / columnDivisor) / rowDivisor}, which is not stored. Needs two rows and
     * two columns at least.
     *
     * @param columnDivisor   (columns)
     * @param rowDivisor      (rows)
     * @param columnDeviation (columns), overwritten
     * @param rowDeviation    (rows), overwritten
     */
    void deviations(
            float[] tile,
            int rows,
            int columns,
            float[] columnDivisor,
            float[] rowDivisor,
            float[] columnDeviation,
            float[] rowDeviation);

    /** Widens {@code count} bf16 numbers, exactly, into {@code values} from {@code offset} on. */
    void widenBFloat16(short[] bits, int count, float[] values, int offset);

    /** Whether none of the first {@code count} numbers is NaN or infinite. */
    boolean allFinite(float[] values, int count);

    /** {@code values = log(values)}, computed in fp64 and rounded once. */
    void logarithms(float[] values, int count);

    /** {@code out = exp(values)}, computed in fp64 and rounded once. */
    void exponentials(float[] values, int count, float[] out);

    /** {@code tile = (tile / columnDivisor) / rowDivisor}, in place. */
    void divide(float[] tile, int rows, int columns, float[] columnDivisor, float[] rowDivisor);

    /** {@code tile = (tile * columnFactor) * rowFactor}, in place. */
    void multiply(float[] tile, int rows, int columns, float[] columnFactor, float[] rowFactor);

    /**
     * Smallest and largest number of each row.
     *
     * @param minimum (rows), overwritten
     * @param maximum (rows), overwritten
     */
    void ranges(float[] tile, int rows, int columns, float[] minimum, float[] maximum);

    /**
     * {@code code = clamp(round(tile / scale + zero), 0, maxCode)}, ties to even.
     *
     * @param scale (rows)
     * @param zero  (rows)
     * @param codes (rows, columns), overwritten
     */
    void roundToCodes(float[] tile, int rows, int columns, float[] scale, float[] zero, int maxCode, byte[] codes);

    /**
     * {@code code = clamp(round(tile * factor + zero), 0, maxCode)}, ties to even.
     *
     * @param factor (rows)
     * @param zero   (rows)
     * @param codes  (rows, columns), overwritten
     */
    void scaleToCodes(float[] tile, int rows, int columns, float[] factor, float[] zero, int maxCode, byte[] codes);

    /**
     * One step of the HQQ solver, common to the SINQ reference's variant and the HQQ library:
     *
     * <pre>
     *   code = clamp(round(w s' + zero), 0, maxCode),  r = (code - zero) / s',  e = shrink(w - r)
     *   zero = mean over the row of (code - (w - e) s')
     * </pre>
     *
     * Its fp64 sums have the order of {@link LaneSum}; {@code shrink} is {@link HalfQuadratic}'s.
     *
     * @param inverseScale s' (rows)
     * @param zero         (rows), replaced by the new ones
     * @return sum of |w - r| with the zeros as they were
     */
    double hqqStep(float[] tile, int rows, int columns, float[] inverseScale, float[] zero, int maxCode);

    /**
     * Mean of each row, summed in fp64 in the order of {@link LaneSum}.
     *
     * @param mean (rows), overwritten
     */
    void means(float[] tile, int rows, int columns, float[] mean);

    /**
     * How many thresholds {@code tile / scale + zero} reaches, which is the code.
     *
     * @param scale      (rows)
     * @param zero       (rows)
     * @param thresholds ascending
     * @param codes      (rows, columns), overwritten
     */
    void roundToLevels(
            float[] tile, int rows, int columns, float[] scale, float[] zero, float[] thresholds, byte[] codes);

    /**
     * {@code out = (code - zero) * scale / columnDivisor * columnFactor * rowFactor}, from left to right.
     *
     * @param codes         (rows, columns), unsigned
     * @param scale         (rows)
     * @param zero          (rows)
     * @param columnDivisor (columns)
     * @param columnFactor  (columns)
     * @param rowFactor     (rows)
     * @param out           (rows, columns), overwritten
     */
    void dequantize(
            byte[] codes,
            int rows,
            int columns,
            float[] scale,
            float[] zero,
            float[] columnDivisor,
            float[] columnFactor,
            float[] rowFactor,
            float[] out);

    /**
     * Lays a layer's inputs out to be multiplied by many weights.
     *
     * @param x (tokens, columns); may be longer
     */
    InputProducts inputProducts(float[] x, int tokens, int columns);
}
