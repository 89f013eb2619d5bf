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
public record AttentionShape(int heads, int kvHeads, int keyDim, int valueDim, int capacity, int window, float scale) {}
