package dev.sinq4j.kernel;

/**
 * Sizes of one attention call.
 *
 * @param heads    query heads
 * @param kvHeads  key and value heads; divides {@code heads}; query head h reads key head {@code h / (heads / kvHeads)}
 * @param keyDim   numbers in one query or key head
 * @param valueDim numbers in one value head
 * @param capacity positions the key and value arrays have room for
 * @param window   positions a query sees, itself included; {@link Integer#MAX_VALUE} for all before it
 * @param scale    factor on the scores, usually 1 / sqrt(keyDim)
 */
public record AttentionShape(int heads, int kvHeads, int keyDim, int valueDim, int capacity, int window, float scale) {

    public AttentionShape {
        if (kvHeads < 1 || heads % kvHeads != 0)
            throw new IllegalArgumentException(heads + " heads cannot share " + kvHeads + " key heads evenly");
        if (window < 1) throw new IllegalArgumentException("window must be 1 or more, was " + window);
    }

    /** Query heads that read the same key and value head. */
    public int headsPerKvHead() {
        return heads / kvHeads;
    }

    /** First position that the query at {@code position} sees. */
    public int firstSeen(int position) {
        return Math.max(0, position - window + 1);
    }
}
