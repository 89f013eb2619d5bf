package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.LaterSinq;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.method.SinqFamily.Rounding;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.PackedWeight;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Decides for each matrix whether it is gated and how wide its tiles are, and notes both; {@link SinqQuantizer} does the rest. */
final class LaterSinqQuantizer implements Quantizer {

    private static final double LEAST_VARIANCE = 1e-6;

    private final LaterSinq method;
    private final TileKernels kernels;
    private final @Nullable TileDevice device;

    /** @param device takes over the tiles that it knows; null for none */
    LaterSinqQuantizer(LaterSinq method, TileKernels kernels, @Nullable TileDevice device) {
        this.method = method;
        this.kernels = kernels;
        this.device = device;
    }

    @Override
    public Quantized quantize(Tensor weight, @Nullable Inputs inputs) {
        Map<String, Object> notes = new LinkedHashMap<>();
        boolean gated = false;
        if (method.kurtosisGate() != null) {
            double kurtosis = kurtosis(new WeightSource(weight, method.aux() != AuxPrecision.FP32, kernels));
            gated = kurtosis > method.kurtosisGate();
            notes.put("kurtosis", kurtosis);
            notes.put("gated", gated);
        }
        SinqFamily family = method.ungated(weight.columns());
        if (family.group() != method.group()) notes.put("group", family.group());
        Quantized quantized =
                new SinqQuantizer(gated ? rounded(family) : family, kernels, device).quantize(weight, inputs);
        notes.putAll(quantized.notes());
        PackedWeight packed = (PackedWeight) quantized.weight();
        return new Quantized(gated ? withOnes(packed) : packed, quantized.warnings(), notes);
    }

    private static SinqFamily rounded(SinqFamily family) {
        return new SinqFamily(
                "rtn",
                family.bits(),
                family.group(),
                Normalization.NONE,
                ActivationScale.NONE,
                Rounding.UNIFORM_ASYMMETRIC,
                family.tiling(),
                family.aux(),
                family.referenceExact());
    }

    /** As the reference stores it: a second scale of ones, so that every layer of a checkpoint has the same parts. */
    private PackedWeight withOnes(PackedWeight weight) {
        float[] ones = new float[weight.columns()];
        Arrays.fill(ones, 1);
        return weight.scaledBy(
                method.aux() == AuxPrecision.FP32
                        ? new ColumnScale.Single(ones, weight.rows())
                        : new ColumnScale.Half(Half.bits(ones), weight.rows()));
    }

    /** Fourth moment over the square of the second, both around the mean and summed in fp64, rows in order. */
    static double kurtosis(WeightSource source) {
        int rows = source.rows();
        double count = (double) rows * source.columns();
        double mean = sum(source, 0, 1) / count;
        double variance = sum(source, mean, 2) / count;
        return sum(source, mean, 4) / count / Math.pow(Math.max(variance, LEAST_VARIANCE), 2);
    }

    private static double sum(WeightSource source, double mean, int power) {
        double[] sums = new double[source.rows()];
        IntStream.range(0, sums.length).parallel().forEach(row -> {
            for (float w : source.rows(row, 1).values()) {
                double deviation = w - mean;
                double square = deviation * deviation;
                sums[row] += power == 1 ? deviation : power == 2 ? square : square * square;
            }
        });
        return IntStream.range(0, sums.length).mapToDouble(row -> sums[row]).reduce(0, Double::sum);
    }
}
