package dev.sinq4j.quant;

import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;

/**
 * Turns a packed weight back into numbers, row by row: {@code ((level(code) - zero) * scale) * columnScale}, and undoes a
 * rotation of the input in fp32, so that the rows act on the input as it is. Holds the scales widened to fp32; safe to share.
 */
public final class Dequantizer {

    /** Which roundings happen on the way. */
    public enum Order {
        /** Every step in fp32: what our engines compute with. */
        FP32,
        /** The reference with compute dtype fp16: every step rounded to fp16. */
        REFERENCE_FP16,
        /** The reference with compute dtype bf16: fp32 steps, rounded once to bf16; codebooks as with fp16. */
        REFERENCE_BF16
    }

    private final PackedWeight weight;
    private final Order order;
    private final float[] scale;
    private final float[] zero;
    private final float[] levels;

    /** A dequantizer in the arithmetic of our engines. */
    public Dequantizer(PackedWeight weight) {
        this(weight, Order.FP32);
    }

    public Dequantizer(PackedWeight weight, Order order) {
        this.weight = weight;
        boolean codebook = weight.grid() instanceof Grid.Codebook;
        this.order = codebook && order == Order.REFERENCE_BF16 ? Order.REFERENCE_FP16 : order;
        scale = weight.scale().values();
        zero = weight.zero().values();
        levels = levels(weight.grid());
    }

    private static float[] levels(Grid grid) {
        return switch (grid) {
            case Grid.Codebook codebook -> codebook.levels();
            case Grid.Uniform uniform -> {
                float[] levels = new float[1 << uniform.bits()];
                for (int code = 0; code < levels.length; code++) levels[code] = code;
                yield levels;
            }
        };
    }

    /** Writes row {@code row}, {@code columns} numbers, to {@code target} from {@code offset} on. */
    public void row(int row, float[] target, int offset) {
        float[] column = weight.columnScale().ofRow(row, weight.columns());
        int first = row * weight.columns();
        for (int j = 0; j < weight.columns(); j++) {
            int group = row * weight.groups() + j / weight.group();
            float level = levels[weight.codes()[first + j] & 0xFF];
            target[offset + j] = value(level, zeroOf(group), scale[group], column[j]);
        }
        if (weight.inputTransform() instanceof InputTransform.Hadamard rotation)
            rotation.undo(target, offset, weight.columns());
    }

    private float zeroOf(int group) {
        return weight.zero() instanceof Auxiliary.Constant ? zero[0] : zero[group];
    }

    private float value(float level, float zero, float scale, float column) {
        return switch (order) {
            case FP32 -> (level - zero) * scale * column;
            case REFERENCE_FP16 -> Half.round(Half.round(Half.round(level - zero) * scale) * column);
            case REFERENCE_BF16 -> BFloat16.toFloat(BFloat16.fromFloat((level - zero) * scale * column));
        };
    }

    /** The whole matrix, (rows, columns) row-major. */
    public float[] matrix() {
        float[] values = new float[Math.multiplyExact(weight.rows(), weight.columns())];
        for (int row = 0; row < weight.rows(); row++) row(row, values, row * weight.columns());
        return values;
    }
}
