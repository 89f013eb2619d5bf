package dev.sinq4j.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The steps of HQQ on the Vector API, with the bits of {@link HalfQuadratic} and the order of {@link LaneSum}: always eight
 * numbers at a time, however wide vectors are, so that sums do not depend on the machine. Needs vectors of 256 bits.
 */
final class VectorHqq {

    private static final VectorSpecies<Float> F32 = FloatVector.SPECIES_256;
    private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_128;
    private static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_256;

    /** Holds the eight parts of a sum, where vectors are that wide, or half of them. */
    private static final VectorSpecies<Double> PARTS =
            FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512 ? DoubleVector.SPECIES_512 : F64;

    private static final int L = LaneSum.PARTS;
    private static final boolean TWO_HALVES = PARTS.length() < L;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;

    /** Adding it to a number from 0 to 2^22 rounds that to a whole number, ties to even. */
    private static final float ROUNDER = 0x1.8p23f;

    private VectorHqq() {}

    static double step(float[] tile, int rows, int columns, float[] inverseScale, float[] zero, int maxCode) {
        double error = 0;
        double[] scratch = new double[2 * L];
        float[] differences = new float[L];
        for (int i = 0; i < rows; i++) {
            error += row(tile, i * columns, columns, inverseScale[i], zero[i], maxCode, scratch, differences);
            zero[i] = (float) (scratch[0] / columns);
        }
        return error;
    }

    /**
     * @param sums overwritten with the parts of two sums; the first is then the sum of the zeros
     * @return the sum of the errors
     */
    private static double row(
            float[] tile,
            int first,
            int columns,
            float factor,
            float zero,
            int maxCode,
            double[] sums,
            float[] differences) {
        FloatVector factors = FloatVector.broadcast(F32, factor);
        FloatVector zeroes = FloatVector.broadcast(F32, zero);
        DoubleVector errors = DoubleVector.zero(PARTS);
        DoubleVector highErrors = errors;
        DoubleVector zeros = errors;
        DoubleVector highZeros = errors;
        int end = columns - columns % L;
        for (int j = 0; j < end; j += L) {
            FloatVector weight = FloatVector.fromArray(F32, tile, first + j);
            FloatVector code = weight.mul(factors).add(zeroes);
            code = code.blend(0, code.compare(VectorOperators.LT, 0));
            code = code.blend(maxCode, code.compare(VectorOperators.GT, maxCode));
            code = code.add(ROUNDER).sub(ROUNDER);
            FloatVector difference = weight.sub(code.sub(zeroes).div(factors));
            FloatVector error = difference.abs();
            if (error.compare(VectorOperators.GE, HalfQuadratic.SHRINKS_TO_ZERO).anyTrue()) {
                difference.intoArray(differences, 0);
                shrink(differences);
                weight = weight.sub(FloatVector.fromArray(F32, differences, 0));
            }
            FloatVector next = code.sub(weight.mul(factors));
            errors = errors.add(error.convertShape(VectorOperators.F2D, PARTS, 0));
            zeros = zeros.add(next.convertShape(VectorOperators.F2D, PARTS, 0));
            if (TWO_HALVES) {
                highErrors = highErrors.add(error.convertShape(VectorOperators.F2D, PARTS, 1));
                highZeros = highZeros.add(next.convertShape(VectorOperators.F2D, PARTS, 1));
            }
        }
        errors.intoArray(sums, 0);
        zeros.intoArray(sums, L);
        if (TWO_HALVES) {
            highErrors.intoArray(sums, L / 2);
            highZeros.intoArray(sums, L + L / 2);
        }
        double errorRest = 0;
        double zeroRest = 0;
        for (int j = end; j < columns; j++) {
            float weight = tile[first + j];
            float code = HalfQuadratic.code(weight, factor, zero, maxCode);
            float difference = HalfQuadratic.difference(weight, factor, zero, code);
            errorRest += Math.abs(difference);
            zeroRest += code - (weight - HalfQuadratic.shrink(difference)) * factor;
        }
        double error = LaneSum.fold(sums, 0) + errorRest;
        sums[0] = LaneSum.fold(sums, L) + zeroRest;
        return error;
    }

    /** {@link HalfQuadratic#shrink} of eight numbers in place. */
    private static void shrink(float[] x) {
        for (int k = 0; k < L; k += L / 2) {
            FloatVector value = FloatVector.fromArray(HALF, x, k);
            FloatVector magnitude = value.abs();
            DoubleVector wide = (DoubleVector) magnitude.convertShape(VectorOperators.F2D, F64, 0);
            DoubleVector cube = wide.mul(wide).mul(wide);
            FloatVector guess = ((FloatVector) magnitude.reinterpretAsInts().convert(VectorOperators.I2F, 0))
                    .mul(HalfQuadratic.GUESS_FACTOR)
                    .add(HalfQuadratic.GUESS_OFFSET)
                    .convert(VectorOperators.F2I, 0)
                    .reinterpretAsFloats();
            DoubleVector y = (DoubleVector) guess.convertShape(VectorOperators.F2D, F64, 0);
            for (int step = 0; step < HalfQuadratic.NEWTON_STEPS; step++) {
                DoubleVector y2 = y.mul(y);
                DoubleVector y4 = y2.mul(y2);
                DoubleVector y10 = y4.mul(y4).mul(y2);
                y = y.add(
                        y.mul(DoubleVector.broadcast(F64, 1).sub(cube.mul(y10)).mul(0.1)));
            }
            FloatVector power = (FloatVector) y.convertShape(VectorOperators.D2F, HALF, 0);
            FloatVector shrunk = magnitude.sub(power.mul(HalfQuadratic.INVERSE_BETA));
            VectorMask<Float> zero = magnitude
                    .compare(VectorOperators.LT, HalfQuadratic.SHRINKS_TO_ZERO)
                    .or(shrunk.compare(VectorOperators.LE, 0));
            FloatVector signed = shrunk.blend(shrunk.neg(), value.compare(VectorOperators.LT, 0));
            signed.blend(0, zero).intoArray(x, k);
        }
    }

    static void scaleToCodes(
            float[] tile, int rows, int columns, float[] factor, float[] zero, int maxCode, byte[] codes) {
        int end = columns - columns % L;
        for (int i = 0; i < rows; i++) {
            int first = i * columns;
            for (int j = 0; j < end; j += L) {
                FloatVector code = FloatVector.fromArray(F32, tile, first + j)
                        .mul(factor[i])
                        .add(zero[i])
                        .max(0)
                        .min(maxCode)
                        .add(ROUNDER);
                ((ByteVector) code.reinterpretAsInts().convertShape(VectorOperators.I2B, BYTES, 0))
                        .intoArray(codes, first + j);
            }
            for (int j = end; j < columns; j++)
                codes[first + j] = (byte) (int) HalfQuadratic.code(tile[first + j], factor[i], zero[i], maxCode);
        }
    }
}
