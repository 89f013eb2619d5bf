package dev.sinq4j.gguf.block;

/** Rounds the numbers of one block to its bytes. */
@FunctionalInterface
public interface BlockEncoder {

    /**
     * @param source finite numbers, as many as the block holds from {@code offset} on; not modified
     * @param block  overwritten from {@code at} on
     */
    void encode(float[] source, int offset, byte[] block, int at);
}
