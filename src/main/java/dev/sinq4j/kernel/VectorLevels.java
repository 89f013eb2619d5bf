package dev.sinq4j.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Rounding to a codebook and dequantizing on the Vector API; the order of sums is that of {@link LaneSum}. Needs 256 bits. */
final class VectorLevels {

    private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, WIDE.vectorBitSize() / 4)));
    private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_128;
    private static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_256;

    private VectorLevels() {}

    static void means(float[] tile, int rows, int columns, float[] mean) {
        int end = columns - columns % LaneSum.PARTS;
        double[] parts = new double[F64.length()];
        for (int i = 0; i < rows; i++) {
            int first = i * columns;
            DoubleVector low = DoubleVector.zero(F64);
            DoubleVector high = low;
            for (int j = 0; j < end; j += LaneSum.PARTS) {
                low = low.add(FloatVector.fromArray(HALF, tile, first + j).convertShape(VectorOperators.F2D, F64, 0));
                high = high.add(
                        FloatVector.fromArray(HALF, tile, first + j + 4).convertShape(VectorOperators.F2D, F64, 0));
            }
            low.add(high).intoArray(parts, 0);
            double rest = 0;
            for (int j = end; j < columns; j++) rest += tile[first + j];
            mean[i] = (float) ((LaneSum.foldHalf(parts[0], parts[1], parts[2], parts[3]) + rest) / columns);
        }
    }

    static void roundToLevels(
            float[] tile, int rows, int columns, float[] scale, float[] zero, float[] thresholds, byte[] codes) {
        int two = 2 * WIDE.length();
        int end = columns - columns % two;
        for (int i = 0; i < rows; i++) {
            int first = i * columns;
            for (int j = first; j < first + end; j += two) twoVectors(tile, j, scale[i], zero[i], thresholds, codes);
            for (int j = first + end; j < first + columns; j++)
                codes[j] = ScalarTileKernels.level(tile[j] / scale[i] + zero[i], thresholds);
        }
    }

    private static void twoVectors(float[] tile, int at, float scale, float zero, float[] thresholds, byte[] codes) {
        int next = at + WIDE.length();
        FloatVector a = FloatVector.fromArray(WIDE, tile, at).div(scale).add(zero);
        FloatVector b = FloatVector.fromArray(WIDE, tile, next).div(scale).add(zero);
        IntVector below = IntVector.zero(INTS);
        IntVector belowNext = below;
        for (int t = 0; t < thresholds.length; t++) {
            FloatVector threshold = FloatVector.broadcast(WIDE, thresholds[t]);
            below = below.add(1, a.compare(VectorOperators.GE, threshold).cast(INTS));
            belowNext =
                    belowNext.add(1, b.compare(VectorOperators.GE, threshold).cast(INTS));
        }
        ((ByteVector) below.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, at);
        ((ByteVector) belowNext.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, next);
    }

    static void dequantize(
            byte[] codes,
            int rows,
            int columns,
            float[] scale,
            float[] zero,
            float[] columnDivisor,
            float[] columnFactor,
            float[] rowFactor,
            float[] out) {
        int end = WIDE.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            int first = i * columns;
            for (int j = 0; j < end; j += WIDE.length()) {
                IntVector code = (IntVector) ByteVector.fromArray(BYTES, codes, first + j)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                ((FloatVector) code.convert(VectorOperators.I2F, 0))
                        .sub(zero[i])
                        .mul(scale[i])
                        .div(FloatVector.fromArray(WIDE, columnDivisor, j))
                        .mul(FloatVector.fromArray(WIDE, columnFactor, j))
                        .mul(rowFactor[i])
                        .intoArray(out, first + j);
            }
            for (int j = end; j < columns; j++) {
                float level = ((codes[first + j] & 0xFF) - zero[i]) * scale[i];
                out[first + j] = level / columnDivisor[j] * columnFactor[j] * rowFactor[i];
            }
        }
    }
}
