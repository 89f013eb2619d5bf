package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.SIDE_BY_SIDE;
import static dev.sinq4j.kernel.vector.PackedShape.STRIP;

import dev.sinq4j.weight.Grid;
import org.jspecify.annotations.Nullable;

/**
 * {@link StripProduct} for the four strips of a panel side by side, which share the broadcast of an activation. Codes are
 * converted before they are multiplied; a strip's sums are those of StripProduct to the last bit.
 */
interface FourStripProduct {

    /**
     * The kernel for a matrix on this processor; null where strips go one after the other: where that is as fast, where a
     * strip takes several vectors or its scales are fp32, and at the widths that are rarely used.
     */
    static @Nullable FourStripProduct of(Grid grid, PackedShape shape) {
        boolean suits = SIDE_BY_SIDE && L == STRIP && shape.halves() && grid instanceof Grid.Uniform;
        if (!suits) return null;
        return switch (shape.layout().bits()) {
            case 4 -> new FourBitStrips();
            case 8 -> new EightBitStrips();
            default -> null;
        };
    }

    /**
     * As {@link StripProduct#multiply}, with scale and zero a pair of fp16 numbers.
     *
     * @param stride bytes from one strip's groups to the next one's
     * @param y      4 L numbers, added to
     */
    void multiply(
            long codes,
            long stride,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            int groups,
            int granules,
            int lastGranules,
            float[] y);
}
