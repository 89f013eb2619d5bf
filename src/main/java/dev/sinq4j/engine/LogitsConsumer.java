package dev.sinq4j.engine;

/** Takes logits as they are computed. */
@FunctionalInterface
public interface LogitsConsumer {

    /**
     * @param position of the first of {@code count} tokens
     * @param logits   (count, vocabulary), for the token after each; overwritten after the call, possibly longer
     */
    void accept(int position, int count, float[] logits);
}
