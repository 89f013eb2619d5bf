package dev.sinq4j.quant;

/**
 * Lets the heap be collected whenever the layers gone by have left more than a little behind. A collector that sees free room
 * would let the heap grow to its limit first, and memory would then be the limit's and not one layer's.
 */
public final class PassingArrays {

    /** Bytes that may lie about: few enough to be small beside a large layer, enough that small models never collect. */
    private static final long MOST_BYTES = 96L << 20;

    private long bytes;

    /** A layer is done whose arrays, about so many bytes, nobody holds any more. */
    public void left(long layerBytes) {
        bytes += layerBytes;
        if (bytes <= MOST_BYTES) return;
        bytes = 0;
        System.gc();
    }
}
