package dev.sinq4j.kernel.vector;

/** One vector of packed rows times one prepared activation vector: the inner loop of decoding at one bit width. */
interface StripProduct {

    /** The kernel of a layout's bit width. */
    static StripProduct of(int bits) {
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

    /**
     * <pre>
     *   y(i) = sum over groups g of scale(g, i) * (sum of code(i, j) x(j) - zero(g, i) * sum(g))
     * </pre>
     *
     * A row's group is accumulated in four parts, every fourth field each, in ascending order.
     *
     * @param codes    address of the first row's part of the strip, see {@link PackedShape}
     * @param x        one number a field, see {@link CodeLayout.Field#factor}, from {@code xAt} on
     * @param sums     the sum of each group's activations, from {@code sumsAt} on
     * @param halves   whether scale and zero are a pair of fp16 numbers, or two fp32 ones
     * @param granules of a group; {@code lastGranules} of the last one
     * @param y        L numbers from {@code yAt} on, overwritten
     * @return nothing of use: what was read a page ahead, so that C2 keeps the reads that wake the prefetcher
     */
    int multiply(
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
