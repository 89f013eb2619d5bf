package dev.sinq4j.gguf;

/** Widens one block of weights to fp32. */
@FunctionalInterface
interface BlockDecoder {

    /**
     * @param block  the block's bytes, starting at 0
     * @param target overwritten from {@code offset} on, as many elements as the block holds
     */
    void decode(byte[] block, float[] target, int offset);
}
