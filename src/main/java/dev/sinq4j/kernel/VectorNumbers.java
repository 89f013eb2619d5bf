package dev.sinq4j.kernel;

import dev.sinq4j.tensor.BFloat16;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Number by number operations of {@link VectorTileKernels}. */
final class VectorNumbers {

    private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(WIDE.vectorBitSize() / 2));
    private static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> F32 =
            VectorSpecies.of(float.class, VectorShape.forBitSize(F64.vectorBitSize() / 2));

    private VectorNumbers() {}

    static void widenBFloat16(short[] bits, int count, float[] values, int offset) {
        int end = SHORTS.loopBound(count);
        for (int i = 0; i < end; i += SHORTS.length()) {
            IntVector upper =
                    (IntVector) ShortVector.fromArray(SHORTS, bits, i).convertShape(VectorOperators.S2I, INTS, 0);
            upper.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(values, offset + i);
        }
        for (int i = end; i < count; i++) values[offset + i] = BFloat16.toFloat(bits[i]);
    }

    static boolean allFinite(float[] values, int count) {
        int end = WIDE.loopBound(count);
        // the largest of magnitudes is NaN if one of them is
        FloatVector largest = FloatVector.zero(WIDE);
        for (int i = 0; i < end; i += WIDE.length())
            largest = largest.max(FloatVector.fromArray(WIDE, values, i).abs());
        boolean rest = true;
        for (int i = end; i < count; i++) rest &= Float.isFinite(values[i]);
        return rest && largest.reduceLanes(VectorOperators.MAX) <= Float.MAX_VALUE;
    }

    static void logarithms(float[] values, int count) {
        int end = F32.loopBound(count);
        for (int i = 0; i < end; i += F32.length()) {
            DoubleVector x =
                    (DoubleVector) FloatVector.fromArray(F32, values, i).convertShape(VectorOperators.F2D, F64, 0);
            FloatVector y = (FloatVector) x.lanewise(VectorOperators.LOG).convertShape(VectorOperators.D2F, F32, 0);
            y.intoArray(values, i);
        }
        for (int i = end; i < count; i++) values[i] = (float) Math.log(values[i]);
    }

    static void exponentials(float[] values, int count, float[] out) {
        int end = F32.loopBound(count);
        for (int i = 0; i < end; i += F32.length()) {
            DoubleVector x =
                    (DoubleVector) FloatVector.fromArray(F32, values, i).convertShape(VectorOperators.F2D, F64, 0);
            FloatVector y = (FloatVector) x.lanewise(VectorOperators.EXP).convertShape(VectorOperators.D2F, F32, 0);
            y.intoArray(out, i);
        }
        for (int i = end; i < count; i++) out[i] = (float) Math.exp(values[i]);
    }
}
