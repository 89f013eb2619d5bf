package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.L;

import dev.sinq4j.weight.Grid;
import org.jspecify.annotations.Nullable;

/** One vector of packed rows times one prepared activation vector: the inner loop of decoding at one bit width. */
interface StripProduct {

    /** The kernel of a grid; null if a codebook does not fit one vector. */
    static @Nullable StripProduct of(Grid grid, CodeLayout layout) {
        return switch (grid) {
            case Grid.Uniform uniform -> Lanes.PAIRED ? paired(layout.bits()) : single(layout.bits());
            case Grid.Codebook codebook -> LevelTable.fits(codebook) ? new CodebookProduct(codebook) : null;
        };
    }

    private static StripProduct paired(int bits) {
        return switch (bits) {
            case 2 -> new TwoBitPair();
            case 3 -> new ThreeBitPair();
            case 4 -> new FourBitPair();
            case 8 -> new EightBitPair();
            default -> single(bits);
        };
    }

    private static StripProduct single(int bits) {
        return switch (bits) {
            case 2 -> new TwoBitProduct();
            case 3 -> new ThreeBitProduct();
            case 4 -> new FourBitProduct();
            case 5 -> new FiveBitProduct();
            case 6 -> new SixBitProduct();
            case 8 -> new EightBitProduct();
            default -> throw new IllegalArgumentException("no layout has " + bits + " bits");
        };
    }

    /** Rows of one call: those of a vector, or of a pair of vectors. */
    default int rows() {
        return L;
    }

    /**
     * <pre>
     *   y(i) += sum over groups g of scale(g, i) * (sum of level(code(i, j)) x(j) - zero(g, i) * sum(g))
     * </pre>
     *
     * A row's group is accumulated in four parts, every fourth field each, in ascending order.
     *
     * @param codes    address of the first group's scales of the first row, see {@link PackedShape}
     * @param x        one number a field, see {@link CodeLayout#factor}, from {@code xAt} on
     * @param sums     the sum of each group's activations, from {@code sumsAt} on
     * @param halves   whether scale and zero are a pair of fp16 numbers, or two fp32 ones
     * @param granules of a group; {@code lastGranules} of the last one
     * @param y        {@link #rows} numbers from {@code yAt} on, added to
     */
    void multiply(
            long codes,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            boolean halves,
            int groups,
            int granules,
            int lastGranules,
            float[] y,
            int yAt);
}
