package dev.sinq4j.data;

import dev.sinq4j.failure.UsageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a tokenized text is cut into windows: everything but the model that a perplexity depends on.
 *
 * <p>Window {@code i} holds tokens {@code [i stride, i stride + window)}; tokens after the last whole window are dropped. Of
 * overlapping windows each token is scored once, in the first window that has it. The reference's protocol is
 * {@code window = stride = 2048}.
 *
 * @param window tokens of a window, at least 2
 * @param stride tokens from one window's start to the next, 1 to {@code window}
 * @param bos    how the beginning-of-text token is set
 * @param limit  at most so many windows, from the start of the text; empty for all
 */
public record TextProtocol(int window, int stride, Bos bos, OptionalInt limit) {

    /** Where the beginning-of-text token stands. */
    public enum Bos {
        /** The tokenizer puts it in front of the text. */
        ONCE("once"),
        /** Nowhere. */
        NONE("none"),
        /** It replaces the first token of every window. */
        WINDOW("window");

        private final String word;

        Bos(String word) {
            this.word = word;
        }

        /** As results name it. */
        public String word() {
            return word;
        }
    }

    /** What becomes of the tokens after the last whole window, as results name it. */
    public static final String TAIL = "dropped";

    public TextProtocol {
        if (window < 2)
            throw new UsageFailure("window: " + window + " tokens leave nothing to score, expected 2 or more");
        if (stride < 1 || stride > window)
            throw new UsageFailure("stride: " + stride + " is not from 1 to the window's " + window + " tokens");
        if (limit.isPresent() && limit.getAsInt() < 1)
            throw new UsageFailure("windows: " + limit.getAsInt() + " is not 1 or more");
    }

    /** Windows side by side, as papers use them. */
    public static TextProtocol of(int window, Bos bos) {
        return new TextProtocol(window, window, bos, OptionalInt.empty());
    }

    /** How many windows a text of so many tokens has under this protocol. */
    public int windows(int tokens) {
        int whole = tokens < window ? 0 : (tokens - window) / stride + 1;
        return Math.min(whole, limit.orElse(whole));
    }

    /**
     * @param bosId the beginning-of-text token; only {@link Bos#WINDOW} reads it
     * @throws UsageFailure if the text is shorter than one window
     */
    public List<Window> cut(TokenizedText text, int bosId) {
        int count = windows(text.tokens());
        if (count == 0)
            throw new UsageFailure("window: the text has " + text.tokens() + " tokens, fewer than one window of "
                    + window + "; choose a shorter window or a longer text");
        List<Window> windows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) windows.add(cut(text, bosId, i));
        return windows;
    }

    private Window cut(TokenizedText text, int bosId, int index) {
        int start = index * stride;
        int[] ids = new int[window];
        System.arraycopy(text.ids(), start, ids, 0, window);
        if (bos == Bos.WINDOW) ids[0] = bosId;
        int scoredFrom = index == 0 ? 1 : Math.max(1, window - stride);
        return new Window(start, ids, scoredFrom);
    }
}
