package dev.sinq4j.kernel;

import dev.sinq4j.kernel.vector.PanelInputs;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TileKernels} on the Vector API. Standard deviations are taken in one pass from sums and sums of squares, with as
 * many fp32 numbers side by side as fp64 lanes; where the mean is large against the deviation, so that digits would cancel,
 * the row or column is gone through again as the scalar reference does.
 *
 * <p>No helper takes or returns a vector: the compiler would stop inlining and box each of them.
 */
final class VectorTileKernels implements TileKernels {

    private static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> F32 =
            VectorSpecies.of(float.class, VectorShape.forBitSize(F64.vectorBitSize() / 2));
    private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_PREFERRED;

    /** As many bytes as {@link #WIDE} has numbers; 128-bit vectors have no such species. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, WIDE.vectorBitSize() / 4)));

    /** Adding it to a number from 0 to 2^22 rounds that to a whole number, ties to even. */
    private static final float ROUNDER = 0x1.8p23f;

    /** Share of the mean square that the variance must be for its digits not to cancel: error at most 1e-12 of it. */
    private static final double CANCELLATION = 0.01;

    private static final int ROWS_AT_ONCE = 4;

    private static final boolean NARROW = WIDE.vectorBitSize() < 256;

    /** Does what takes 256 bits where vectors are narrower. */
    private final TileKernels plain = new ScalarTileKernels();

    @Override
    public void rehearse() {
        TileRehearsal.once(this);
    }

    @Override
    public void deviations(
            float[] tile,
            int rows,
            int columns,
            float[] columnDivisor,
            float[] rowDivisor,
            float[] columnDeviation,
            float[] rowDeviation) {
        float[] columnInverse = new float[columns];
        for (int j = 0; j < columns; j++) columnInverse[j] = 1 / columnDivisor[j];
        Sums sums = new Sums(new double[columns], new double[columns], new double[rows], new double[rows]);
        int vectorColumns = F32.loopBound(columns);
        int vectorRows = rows - rows % ROWS_AT_ONCE;
        for (int i = 0; i < vectorRows; i += ROWS_AT_ONCE)
            addFourRows(tile, i, columns, vectorColumns, columnDivisor, columnInverse, rowDivisor, sums);
        addScalar(tile, 0, vectorRows, vectorColumns, columns, columnDivisor, rowDivisor, sums);
        addScalar(tile, vectorRows, rows, 0, columns, columnDivisor, rowDivisor, sums);
        for (int j = 0; j < columns; j++) {
            columnDeviation[j] = deviation(sums.column[j], sums.columnSquares[j], rows);
            if (Float.isNaN(columnDeviation[j]))
                columnDeviation[j] = columnDeviation(tile, rows, columns, j, columnDivisor, rowDivisor);
        }
        for (int i = 0; i < rows; i++) {
            rowDeviation[i] = deviation(sums.row[i], sums.rowSquares[i], columns);
            if (Float.isNaN(rowDeviation[i]))
                rowDeviation[i] = rowDeviation(tile, columns, i, columnDivisor, rowDivisor);
        }
    }

    private record Sums(double[] column, double[] columnSquares, double[] row, double[] rowSquares) {}

    /**
     * Division as product with the reciprocal and one correction, {@code q = x r, q + (x - q d) r}: correctly rounded but for
     * about one in ten million, by one unit in the last place, which no sum shows.
     */
    private static void addFourRows(
            float[] tile,
            int row,
            int columns,
            int vectorColumns,
            float[] columnDivisor,
            float[] columnInverse,
            float[] rowDivisor,
            Sums sums) {
        FloatVector d0 = FloatVector.broadcast(F32, rowDivisor[row]);
        FloatVector d1 = FloatVector.broadcast(F32, rowDivisor[row + 1]);
        FloatVector d2 = FloatVector.broadcast(F32, rowDivisor[row + 2]);
        FloatVector d3 = FloatVector.broadcast(F32, rowDivisor[row + 3]);
        FloatVector r0 = FloatVector.broadcast(F32, 1 / rowDivisor[row]);
        FloatVector r1 = FloatVector.broadcast(F32, 1 / rowDivisor[row + 1]);
        FloatVector r2 = FloatVector.broadcast(F32, 1 / rowDivisor[row + 2]);
        FloatVector r3 = FloatVector.broadcast(F32, 1 / rowDivisor[row + 3]);
        DoubleVector s0 = DoubleVector.zero(F64);
        DoubleVector s1 = DoubleVector.zero(F64);
        DoubleVector s2 = DoubleVector.zero(F64);
        DoubleVector s3 = DoubleVector.zero(F64);
        DoubleVector q0 = DoubleVector.zero(F64);
        DoubleVector q1 = DoubleVector.zero(F64);
        DoubleVector q2 = DoubleVector.zero(F64);
        DoubleVector q3 = DoubleVector.zero(F64);
        int e0 = row * columns;
        int e1 = e0 + columns;
        int e2 = e1 + columns;
        int e3 = e2 + columns;
        for (int j = 0; j < vectorColumns; j += F32.length()) {
            FloatVector d = FloatVector.fromArray(F32, columnDivisor, j);
            FloatVector r = FloatVector.fromArray(F32, columnInverse, j);
            DoubleVector sum = DoubleVector.fromArray(F64, sums.column, j);
            DoubleVector squares = DoubleVector.fromArray(F64, sums.columnSquares, j);

            FloatVector x0 = FloatVector.fromArray(F32, tile, e0 + j);
            FloatVector y0 = x0.mul(r);
            y0 = y0.lanewise(VectorOperators.NEG).fma(d, x0).fma(r, y0);
            FloatVector z0 = y0.mul(r0);
            z0 = z0.lanewise(VectorOperators.NEG).fma(d0, y0).fma(r0, z0);
            DoubleVector w0 = (DoubleVector) z0.convertShape(VectorOperators.F2D, F64, 0);
            FloatVector x1 = FloatVector.fromArray(F32, tile, e1 + j);
            FloatVector y1 = x1.mul(r);
            y1 = y1.lanewise(VectorOperators.NEG).fma(d, x1).fma(r, y1);
            FloatVector z1 = y1.mul(r1);
            z1 = z1.lanewise(VectorOperators.NEG).fma(d1, y1).fma(r1, z1);
            DoubleVector w1 = (DoubleVector) z1.convertShape(VectorOperators.F2D, F64, 0);
            FloatVector x2 = FloatVector.fromArray(F32, tile, e2 + j);
            FloatVector y2 = x2.mul(r);
            y2 = y2.lanewise(VectorOperators.NEG).fma(d, x2).fma(r, y2);
            FloatVector z2 = y2.mul(r2);
            z2 = z2.lanewise(VectorOperators.NEG).fma(d2, y2).fma(r2, z2);
            DoubleVector w2 = (DoubleVector) z2.convertShape(VectorOperators.F2D, F64, 0);
            FloatVector x3 = FloatVector.fromArray(F32, tile, e3 + j);
            FloatVector y3 = x3.mul(r);
            y3 = y3.lanewise(VectorOperators.NEG).fma(d, x3).fma(r, y3);
            FloatVector z3 = y3.mul(r3);
            z3 = z3.lanewise(VectorOperators.NEG).fma(d3, y3).fma(r3, z3);
            DoubleVector w3 = (DoubleVector) z3.convertShape(VectorOperators.F2D, F64, 0);

            s0 = s0.add(w0);
            s1 = s1.add(w1);
            s2 = s2.add(w2);
            s3 = s3.add(w3);
            sum.add(w0.add(w1)).add(w2.add(w3)).intoArray(sums.column, j);
            DoubleVector p0 = w0.mul(w0);
            DoubleVector p1 = w1.mul(w1);
            DoubleVector p2 = w2.mul(w2);
            DoubleVector p3 = w3.mul(w3);
            q0 = q0.add(p0);
            q1 = q1.add(p1);
            q2 = q2.add(p2);
            q3 = q3.add(p3);
            squares.add(p0.add(p1)).add(p2.add(p3)).intoArray(sums.columnSquares, j);
        }
        sums.row[row] = s0.reduceLanes(VectorOperators.ADD);
        sums.row[row + 1] = s1.reduceLanes(VectorOperators.ADD);
        sums.row[row + 2] = s2.reduceLanes(VectorOperators.ADD);
        sums.row[row + 3] = s3.reduceLanes(VectorOperators.ADD);
        sums.rowSquares[row] = q0.reduceLanes(VectorOperators.ADD);
        sums.rowSquares[row + 1] = q1.reduceLanes(VectorOperators.ADD);
        sums.rowSquares[row + 2] = q2.reduceLanes(VectorOperators.ADD);
        sums.rowSquares[row + 3] = q3.reduceLanes(VectorOperators.ADD);
    }

    private static void addScalar(
            float[] tile,
            int firstRow,
            int endRow,
            int firstColumn,
            int columns,
            float[] columnDivisor,
            float[] rowDivisor,
            Sums sums) {
        for (int i = firstRow; i < endRow; i++) {
            for (int j = firstColumn; j < columns; j++) {
                double value = tile[i * columns + j] / columnDivisor[j] / rowDivisor[i];
                sums.column[j] += value;
                sums.columnSquares[j] += value * value;
                sums.row[i] += value;
                sums.rowSquares[i] += value * value;
            }
        }
    }

    /** NaN where digits would cancel. */
    private static float deviation(double sum, double squares, int count) {
        double centered = squares - sum * sum / count;
        return centered < CANCELLATION * squares || squares == 0
                ? Float.NaN
                : (float) Math.sqrt(centered / (count - 1));
    }

    private static float columnDeviation(
            float[] tile, int rows, int columns, int column, float[] columnDivisor, float[] rowDivisor) {
        float[] scaled = new float[rows];
        for (int i = 0; i < rows; i++) scaled[i] = tile[i * columns + column] / columnDivisor[column] / rowDivisor[i];
        return ScalarTileKernels.deviation(scaled, 0, 1, rows);
    }

    private static float rowDeviation(float[] tile, int columns, int row, float[] columnDivisor, float[] rowDivisor) {
        float[] scaled = new float[columns];
        for (int j = 0; j < columns; j++) scaled[j] = tile[row * columns + j] / columnDivisor[j] / rowDivisor[row];
        return ScalarTileKernels.deviation(scaled, 0, 1, columns);
    }

    @Override
    public void widenBFloat16(short[] bits, int count, float[] values, int offset) {
        VectorNumbers.widenBFloat16(bits, count, values, offset);
    }

    @Override
    public boolean allFinite(float[] values, int count) {
        return VectorNumbers.allFinite(values, count);
    }

    @Override
    public void logarithms(float[] values, int count) {
        VectorNumbers.logarithms(values, count);
    }

    @Override
    public void exponentials(float[] values, int count, float[] out) {
        VectorNumbers.exponentials(values, count, out);
    }

    @Override
    public void divide(float[] tile, int rows, int columns, float[] columnDivisor, float[] rowDivisor) {
        int end = WIDE.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            FloatVector divisor = FloatVector.broadcast(WIDE, rowDivisor[i]);
            int first = i * columns;
            for (int j = 0; j < end; j += WIDE.length()) {
                FloatVector.fromArray(WIDE, tile, first + j)
                        .div(FloatVector.fromArray(WIDE, columnDivisor, j))
                        .div(divisor)
                        .intoArray(tile, first + j);
            }
            for (int j = end; j < columns; j++) tile[first + j] = tile[first + j] / columnDivisor[j] / rowDivisor[i];
        }
    }

    @Override
    public void multiply(float[] tile, int rows, int columns, float[] columnFactor, float[] rowFactor) {
        int end = WIDE.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            FloatVector factor = FloatVector.broadcast(WIDE, rowFactor[i]);
            int first = i * columns;
            for (int j = 0; j < end; j += WIDE.length()) {
                FloatVector.fromArray(WIDE, tile, first + j)
                        .mul(FloatVector.fromArray(WIDE, columnFactor, j))
                        .mul(factor)
                        .intoArray(tile, first + j);
            }
            for (int j = end; j < columns; j++) tile[first + j] = tile[first + j] * columnFactor[j] * rowFactor[i];
        }
    }

    @Override
    public void ranges(float[] tile, int rows, int columns, float[] minimum, float[] maximum) {
        int end = WIDE.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            int first = i * columns;
            float least = tile[first];
            float most = least;
            if (end > 0) {
                FloatVector low = FloatVector.fromArray(WIDE, tile, first);
                FloatVector high = low;
                for (int j = WIDE.length(); j < end; j += WIDE.length()) {
                    FloatVector values = FloatVector.fromArray(WIDE, tile, first + j);
                    low = low.min(values);
                    high = high.max(values);
                }
                least = low.reduceLanes(VectorOperators.MIN);
                most = high.reduceLanes(VectorOperators.MAX);
            }
            for (int j = end; j < columns; j++) {
                least = Math.min(least, tile[first + j]);
                most = Math.max(most, tile[first + j]);
            }
            minimum[i] = least;
            maximum[i] = most;
        }
    }

    @Override
    public void roundToCodes(
            float[] tile, int rows, int columns, float[] scale, float[] zero, int maxCode, byte[] codes) {
        int end = NARROW ? 0 : WIDE.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            FloatVector divisor = FloatVector.broadcast(WIDE, scale[i]);
            FloatVector shift = FloatVector.broadcast(WIDE, zero[i]);
            int first = i * columns;
            for (int j = 0; j < end; j += WIDE.length()) {
                ((ByteVector) FloatVector.fromArray(WIDE, tile, first + j)
                                .div(divisor)
                                .add(shift)
                                .max(0)
                                .min(maxCode)
                                .add(ROUNDER)
                                .reinterpretAsInts()
                                .convertShape(VectorOperators.I2B, BYTES, 0))
                        .intoArray(codes, first + j);
            }
            for (int j = end; j < columns; j++) {
                double code = Math.rint(tile[first + j] / scale[i] + zero[i]);
                codes[first + j] = (byte) Math.clamp(code, 0.0, (double) maxCode);
            }
        }
    }

    @Override
    public void scaleToCodes(
            float[] tile, int rows, int columns, float[] factor, float[] zero, int maxCode, byte[] codes) {
        if (NARROW) plain.scaleToCodes(tile, rows, columns, factor, zero, maxCode, codes);
        else VectorHqq.scaleToCodes(tile, rows, columns, factor, zero, maxCode, codes);
    }

    @Override
    public double hqqStep(float[] tile, int rows, int columns, float[] inverseScale, float[] zero, int maxCode) {
        return NARROW
                ? plain.hqqStep(tile, rows, columns, inverseScale, zero, maxCode)
                : VectorHqq.step(tile, rows, columns, inverseScale, zero, maxCode);
    }

    @Override
    public void means(float[] tile, int rows, int columns, float[] mean) {
        if (NARROW) plain.means(tile, rows, columns, mean);
        else VectorLevels.means(tile, rows, columns, mean);
    }

    @Override
    public void roundToLevels(
            float[] tile, int rows, int columns, float[] scale, float[] zero, float[] thresholds, byte[] codes) {
        if (NARROW) plain.roundToLevels(tile, rows, columns, scale, zero, thresholds, codes);
        else VectorLevels.roundToLevels(tile, rows, columns, scale, zero, thresholds, codes);
    }

    @Override
    public void dequantize(
            byte[] codes,
            int rows,
            int columns,
            float[] scale,
            float[] zero,
            float[] columnDivisor,
            float[] columnFactor,
            float[] rowFactor,
            float[] out) {
        if (NARROW) plain.dequantize(codes, rows, columns, scale, zero, columnDivisor, columnFactor, rowFactor, out);
        else VectorLevels.dequantize(codes, rows, columns, scale, zero, columnDivisor, columnFactor, rowFactor, out);
    }

    @Override
    public InputProducts inputProducts(float[] x, int tokens, int columns) {
        return new PanelInputs(x, tokens, columns);
    }
}
