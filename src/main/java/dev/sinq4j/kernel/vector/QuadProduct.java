package dev.sinq4j.kernel.vector;

/** A quad of packed rows times one prepared activation vector: the inner loop of decoding at one bit width. */
interface QuadProduct {

    /** The kernel of a layout's bit width. */
    static QuadProduct of(int bits) {
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
     * Each row's group is accumulated in ascending order.
     *
     * @param codes    address of the quad's first word; the words of a granule are {@link PackedShape#ROW} bytes apart
     * @param x        one number a field, see {@link CodeLayout.Field#factor}, from {@code xAt} on
     * @param sums     the sum of each group's activations, from {@code sumsAt} on
     * @param aux      (groups, 2, PANEL): scales, then zeros negated
     * @param lane     of the quad within its panel
     * @param granules of a group; {@code lastGranules} of the last one
     * @param y        QUAD numbers from {@code yAt} on, overwritten
     */
    void multiply(
            long codes,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            float[] aux,
            int lane,
            int groups,
            int granules,
            int lastGranules,
            float[] y,
            int yAt);
}
