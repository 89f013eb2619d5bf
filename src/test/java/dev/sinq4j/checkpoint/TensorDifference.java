package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.quant.Dequantizer;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;

/**
 * Adds up how two checkpoints of one model differ. Names, types and shapes must be equal, and so must everything that is not
 * quantized. Codes may differ as those of independent implementations of the quantizer do. Scales are only counted: where two
 * Sinkhorn iterations are equally good the last bit chooses between them, and row and column scales differ by factors that
 * cancel. What that comes to is held by {@link #addLayer}.
 */
final class TensorDifference {

    /** Containers of codes that may differ, see "fair bars" in the README of the quantizer's golden files. */
    private static final double FAIR_CODES = 1e-3;

    /** Relative difference of the distances between dequantized and dense weights. */
    private static final double FAIR_ERROR = 1e-3;

    /** As {@link #FAIR_CODES} where activations differ; 0.055 was found. */
    private static final double FAIR_CALIBRATED_CODES = 0.08;

    /** As {@link #FAIR_ERROR} where activations differ, and a close search may end elsewhere; 0.034 was found. */
    private static final double FAIR_CALIBRATED_ERROR = 0.05;

    private long codeBytes;
    private long otherCodeBytes;
    private long halves;
    private long otherHalves;
    private double largestErrorRatio;

    void add(Tensor expected, Tensor actual) {
        String name = expected.name();
        assertEquals(expected.dtype(), actual.dtype(), name);
        assertEquals(expected.shape(), actual.shape(), name);
        if (LayerNames.isCodes(name) || (name.contains(".meta.") && expected.dtype() == DType.U8))
            addCodes(expected, actual);
        else if (name.contains(".meta.")) addHalves(expected, actual);
        else CheckpointAssertions.assertSameTensor(expected, actual);
    }

    private void addCodes(Tensor expected, Tensor actual) {
        byte[] theirs = Numbers.bytes(expected);
        byte[] ours = Numbers.bytes(actual);
        codeBytes += theirs.length;
        for (int i = 0; i < theirs.length; i++) if (theirs[i] != ours[i]) otherCodeBytes++;
    }

    private void addHalves(Tensor expected, Tensor actual) {
        assertEquals(DType.F16, expected.dtype(), expected.name());
        short[] theirs = Numbers.shorts(expected);
        short[] ours = Numbers.shorts(actual);
        halves += theirs.length;
        for (int i = 0; i < theirs.length; i++) if (theirs[i] != ours[i]) otherHalves++;
    }

    /** Compares how far both quantized matrices are from the dense one. */
    void addLayer(Tensor dense, PackedWeight theirs, PackedWeight ours) {
        float[] weights = dense.floats();
        double ratio = distance(weights, ours) / distance(weights, theirs);
        largestErrorRatio = Math.max(largestErrorRatio, Math.abs(ratio - 1));
    }

    private static double distance(float[] weights, PackedWeight packed) {
        float[] quantized = new Dequantizer(packed).matrix();
        double sum = 0;
        for (int i = 0; i < weights.length; i++) sum += Math.pow((double) quantized[i] - weights[i], 2);
        return Math.sqrt(sum);
    }

    /** Bytes of codes and fp16 numbers that differ. */
    long differing() {
        return otherCodeBytes + otherHalves;
    }

    void assertFair() {
        assertTrue(otherCodeBytes <= FAIR_CODES * codeBytes, this::toString);
        assertTrue(largestErrorRatio <= FAIR_ERROR, this::toString);
    }

    /**
     * For methods that see activations. The reference computes these in bf16 by PyTorch's matrix products, whose last bits are
     * nobody else's; each moves a column scale, and with it the codes of the weights that lie near a rounding edge, and may
     * decide a close search. On the reference's own recorded activations codes are equal: {@code AwqGoldenTest}.
     */
    void assertFairWithOtherActivations() {
        assertTrue(otherCodeBytes <= FAIR_CALIBRATED_CODES * codeBytes, this::toString);
        assertTrue(largestErrorRatio <= FAIR_CALIBRATED_ERROR, this::toString);
    }

    @Override
    public String toString() {
        return "%d of %d bytes of codes differ, %d of %d fp16 scales and zeros, a layer's error by at most %.2g"
                .formatted(otherCodeBytes, codeBytes, otherHalves, halves, largestErrorRatio);
    }
}
