package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.BitsAndBytes;
import dev.sinq4j.method.BitsAndBytes.Levels;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * bitsandbytes' blockwise 4-bit codes, in fp32.
 *
 * <pre>
 *   scale = max|w| of a block of the flattened matrix,   v = w * (1 / scale)
 *   the level is the one at the place, in ascending order, of as many as v is above of the 15 thresholds half-way between levels
 *   w~ = level(code) * scale
 * </pre>
 *
 * NF4's codes are in the order of their levels. FP4's are a sign, 8, and the code of a size; it has two zeros, and as in the
 * library's CPU code the positive side of zero takes 8, the negative 0. A block of zeros becomes zeros. Where a row does not divide into blocks, a block goes
 * on in the next row, so that no code has a group of its own row; then the matrix is stored dequantized, in fp32, and accounted
 * for as codes and scales.
 *
 * <p>Source: bitsandbytes 95f9af30, {@code csrc/kernels.cu} and {@code functional.get_4bit_type}.
 */
final class BitsAndBytesQuantizer implements Quantizer {

    private static final float[] NF4_THRESHOLDS = {
        -0.8480964f,
        -0.6106329f,
        -0.45999527f,
        -0.33967942f,
        -0.2346074f,
        -0.13791174f,
        -0.045525018f,
        0.03979015f,
        0.12025525f,
        0.20352125f,
        0.29201376f,
        0.38931254f,
        0.5016634f,
        0.6427869f,
        0.8614784f
    };

    private static final float[] FP4_THRESHOLDS = {
        -0.8333334f,
        -0.5833334f,
        -0.4166667f,
        -0.2916667f,
        -0.20833334f,
        -0.0859375f,
        -0.0026041667f,
        0,
        0.0026041667f,
        0.0859375f,
        0.20833334f,
        0.2916667f,
        0.4166667f,
        0.5833334f,
        0.8333334f
    };

    /** In the order of their levels. */
    private static final int[] FP4_CODES = {11, 10, 13, 12, 15, 14, 9, 0, 8, 1, 6, 7, 4, 5, 2, 3};

    /** Twelfths, by code. */
    private static final float[] FP4_TWELFTHS = {0, 0.0625f, 8, 12, 4, 6, 2, 3};

    private static final int NEGATIVE = 8;

    private final BitsAndBytes method;

    BitsAndBytesQuantizer(BitsAndBytes method) {
        this.method = method;
    }

    @Override
    public Quantized quantize(Tensor weight, @Nullable Inputs inputs) {
        WeightSource source = new WeightSource(weight, false, TileKernels.fastest());
        int rows = source.rows();
        int columns = source.columns();
        return columns % method.group() == 0 ? packed(source, rows, columns) : dense(source);
    }

    private Quantized packed(WeightSource source, int rows, int columns) {
        int groups = columns / method.group();
        byte[] codes = new byte[Math.multiplyExact(rows, columns)];
        float[] scales = new float[rows * groups];
        IntStream.range(0, rows).parallel().forEach(row -> {
            float[] values = source.rows(row, 1).values();
            for (int g = 0; g < groups; g++)
                scales[row * groups + g] =
                        block(values, g * method.group(), method.group(), codes, row * columns + g * method.group());
        });
        PackedWeight weight = new PackedWeight(
                rows,
                columns,
                method.group(),
                new Grid.Codebook(4, levels(method.levels())),
                codes,
                new Auxiliary.Single(scales),
                new Auxiliary.Constant((short) 0),
                new ColumnScale.None(),
                new InputTransform.None());
        return new Quantized(weight, List.of(), Map.of());
    }

    private Quantized dense(WeightSource source) {
        float[] values = source.rows(0, source.rows()).values();
        float[] levels = levels(method.levels());
        byte[] codes = new byte[values.length];
        for (int first = 0; first < values.length; first += method.group()) {
            int count = Math.min(method.group(), values.length - first);
            float scale = block(values, first, count, codes, first);
            for (int e = first; e < first + count; e++) values[e] = levels[codes[e]] * scale;
        }
        long bytes = Math.ceilDiv(values.length, 2) + (long) Float.BYTES * Math.ceilDiv(values.length, method.group());
        return new Quantized(
                FakeWeight.of(source.tensor(), values, bytes), List.of(), Map.of("blocks_across_rows", true));
    }

    /** Writes a block's codes; gives its scale. */
    private float block(float[] values, int first, int count, byte[] codes, int at) {
        float scale = 0;
        for (int e = first; e < first + count; e++) scale = Math.max(scale, Math.abs(values[e]));
        float inverse = 1 / scale;
        for (int e = 0; e < count; e++) codes[at + e] = (byte) code(values[first + e] * inverse);
        return scale;
    }

    private int code(float position) {
        return switch (method.levels()) {
            case NF4 -> passed(NF4_THRESHOLDS, position);
            case FP4 -> FP4_CODES[passed(FP4_THRESHOLDS, position)];
        };
    }

    private static int passed(float[] thresholds, float position) {
        int passed = 0;
        while (passed < thresholds.length && position > thresholds[passed]) passed++;
        return passed;
    }

    /** What the 16 codes stand for. */
    static float[] levels(Levels levels) {
        return switch (levels) {
            case NF4 -> NormalFloat.NF4.clone();
            case FP4 -> {
                float[] values = new float[2 * FP4_TWELFTHS.length];
                for (int code = 0; code < FP4_TWELFTHS.length; code++) {
                    values[code] = FP4_TWELFTHS[code] / 12;
                    values[code + NEGATIVE] = -values[code];
                }
                yield values;
            }
        };
    }
}
