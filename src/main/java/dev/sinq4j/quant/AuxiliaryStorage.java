package dev.sinq4j.quant;

import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.StoredOrder;
import java.util.Arrays;

/**
 * Stores the scales or zeros of a layer. As 8-bit codes, in fp16, every operation rounded:
 *
 * <pre>
 *   minimum = min(x),  y = x - minimum,  step = max(y) / 255
 *   code    = clip(round(y / step), 0, 255)                   0 where step is 0
 *   x~      = code * step + minimum
 * </pre>
 *
 * The zeros of a layer form one class. The scales form ceil(N / 32) classes: the element stored at position p belongs to
 * class p mod classes, so that a class has 32 elements, or up to 32 where N is not a multiple of 32. The reference views
 * the scales as (32, -1), which is the same classes, and refuses other N.
 *
 * <p>Source: SINQ reference, {@code quantAux}.
 */
final class AuxiliaryStorage {

    private static final int CLASS_SIZE = 32;
    private static final int MAX_CODE = 255;

    private AuxiliaryStorage() {}

    /** @param values (rows, groups) */
    static Auxiliary scales(float[] values, AuxPrecision precision, StoredOrder order) {
        return store(values, precision, order, Math.ceilDiv(values.length, CLASS_SIZE));
    }

    /** @param values (rows, groups) */
    static Auxiliary zeros(float[] values, AuxPrecision precision, StoredOrder order) {
        return store(values, precision, order, 1);
    }

    private static Auxiliary store(float[] values, AuxPrecision precision, StoredOrder order, int classes) {
        return switch (precision) {
            case FP32 -> new Auxiliary.Single(values);
            case FP16 -> new Auxiliary.Half(Half.bits(values));
            case INT8 -> int8(values, order, classes);
        };
    }

    private static Auxiliary int8(float[] values, StoredOrder order, int classes) {
        float[] rounded = new float[values.length];
        for (int e = 0; e < values.length; e++) rounded[e] = Half.round(values[e]);
        int[] classOf = classes(order, classes);
        float[] minimum = new float[classes];
        float[] largest = new float[classes];
        Arrays.fill(minimum, Float.POSITIVE_INFINITY);
        for (int e = 0; e < values.length; e++) minimum[classOf[e]] = Math.min(minimum[classOf[e]], rounded[e]);
        for (int e = 0; e < values.length; e++) {
            int c = classOf[e];
            largest[c] = Math.max(largest[c], Half.round(rounded[e] - minimum[c]));
        }
        float[] step = new float[classes];
        for (int c = 0; c < classes; c++) step[c] = Half.round(largest[c] / MAX_CODE);
        byte[] codes = new byte[values.length];
        for (int e = 0; e < values.length; e++) {
            int c = classOf[e];
            codes[e] = (byte) code(Half.round(rounded[e] - minimum[c]), step[c]);
        }
        return new Auxiliary.Int8(codes, Half.bits(step), Half.bits(minimum), order);
    }

    private static int code(float offset, float step) {
        double position = Math.rint(Half.round(offset / step));
        return Double.isNaN(position) ? 0 : (int) Math.clamp(position, 0.0, (double) MAX_CODE);
    }

    /** The class of every (row, group), row-major. */
    private static int[] classes(StoredOrder order, int classes) {
        int[] classOf = new int[order.rows() * order.groups()];
        for (int row = 0, e = 0; row < order.rows(); row++)
            for (int group = 0; group < order.groups(); group++, e++) classOf[e] = order.position(row, group) % classes;
        return classOf;
    }
}
