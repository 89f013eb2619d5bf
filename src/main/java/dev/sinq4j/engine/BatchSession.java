package dev.sinq4j.engine;

/**
 * Texts of the same length that grow together, each with keys and values of its own: one product with a weight serves all of
 * them. Not thread-safe.
 */
public final class BatchSession implements AutoCloseable {

    private final int batch;
    private final GrowingTexts texts;

    BatchSession(LanguageModel model, int batch, int capacity) {
        if (batch < 1) throw new IllegalArgumentException("a batch has at least one text");
        if (capacity < 1) throw new IllegalArgumentException("a session has room for at least one token");
        this.batch = batch;
        texts = new GrowingTexts(model, batch, capacity);
    }

    /** How many texts. */
    public int batch() {
        return batch;
    }

    /** Tokens of each text so far. */
    public int length() {
        return texts.length();
    }

    /**
     * Appends as many tokens to each text.
     *
     * @param ids (batch, count), the same count for all
     * @return (batch, vocabulary), the logits of what comes next
     */
    public float[] prefill(int[][] ids) {
        if (ids.length != batch)
            throw new IllegalArgumentException("tokens for " + ids.length + " texts in a batch of " + batch);
        int count = ids[0].length;
        int[] sideBySide = new int[Math.multiplyExact(count, batch)]; // (count, batch)
        for (int text = 0; text < batch; text++) {
            if (ids[text].length != count)
                throw new IllegalArgumentException("texts of a batch grow together: text " + text + " has "
                        + ids[text].length + " new tokens, the first " + count);
            for (int i = 0; i < count; i++) sideBySide[i * batch + text] = ids[text][i];
        }
        texts.append(sideBySide, count);
        return texts.nextLogits();
    }

    /**
     * Appends one token to each text.
     *
     * @param ids (batch)
     * @return (batch, vocabulary), the logits of what comes next
     */
    public float[] next(int[] ids) {
        if (ids.length != batch)
            throw new IllegalArgumentException("tokens for " + ids.length + " texts in a batch of " + batch);
        return texts.next(ids);
    }

    @Override
    public void close() {
        texts.close();
    }
}
