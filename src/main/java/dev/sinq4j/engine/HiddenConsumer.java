package dev.sinq4j.engine;

/** Takes hidden states as they are computed. */
@FunctionalInterface
public interface HiddenConsumer {

    /**
     * @param stage    0 for the embeddings, i for the output of layer i - 1, layers + 1 after the last norm
     * @param position of the first of {@code count} tokens
     * @param hidden   (count, hidden), the consumer's to keep
     */
    void accept(int stage, int position, int count, float[] hidden);
}
