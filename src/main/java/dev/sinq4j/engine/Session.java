package dev.sinq4j.engine;

/** A text that grows: its keys and values are kept, so that only new tokens are computed. Not thread-safe. */
public final class Session implements AutoCloseable {

    private final LanguageModel model;
    private final GrowingTexts text;

    Session(LanguageModel model, int capacity) {
        if (capacity < 1) throw new IllegalArgumentException("a session has room for at least one token");
        this.model = model;
        text = new GrowingTexts(model, 1, capacity);
    }

    /** Tokens of the text so far. */
    public int length() {
        return text.length();
    }

    /** Tokens the text can grow to. */
    public int capacity() {
        return text.capacity();
    }

    /**
     * Appends tokens.
     *
     * @return (vocabulary), the logits of what comes next
     */
    public float[] prefill(int[] ids) {
        text.append(ids, ids.length);
        return text.nextLogits();
    }

    /** As {@link #prefill}, with the logits after every new token. */
    public void prefill(int[] ids, LogitsConsumer consumer) {
        prefill(ids, length(), consumer);
    }

    /** As {@link #prefill}, with the logits after every new token at position {@code from} and later. */
    public void prefill(int[] ids, int from, LogitsConsumer consumer) {
        text.append(ids, ids.length);
        model.decoder().logits(model.ends(), text.newest(), from, consumer);
    }

    /** Appends one token, see {@link #prefill}: the same numbers, by a step that the backend may have recorded. */
    public float[] next(int id) {
        return text.next(new int[] {id});
    }

    /** Forgets all tokens from {@code length} on, so that another continuation can be tried. */
    public void rewind(int length) {
        text.rewind(length);
    }

    @Override
    public void close() {
        text.close();
    }
}
