package dev.sinq4j.task;

import dev.sinq4j.failure.UnavailableFailure;
import java.util.Arrays;

/**
 * A continuation to score, in tokens.
 *
 * @param ids        of context and continuation
 * @param scoredFrom place of the continuation's first token, at least 1
 */
record TokenRequest(int[] ids, int scoredFrom) {

    /** A text as tokens. */
    @FunctionalInterface
    interface Encoder {
        int[] encode(String text);
    }

    /**
     * Blanks at the context's end go to the continuation; the continuation's tokens are those of both together beyond as many
     * as the context has alone. What the model has no positions for is cut off at the left.
     *
     * <p>Source: lm-evaluation-harness 0.4.8, {@code TemplateLM._encode_pair} and {@code HFLM._loglikelihood_tokens}.
     *
     * @param positions longest input of the model; the last token is no input
     * @param where     the question, for messages
     */
    static TokenRequest of(Item.Request request, Encoder encoder, int positions, String where) {
        String context = PythonText.stripEnd(request.context());
        int[] before = encoder.encode(context);
        int[] all = encoder.encode(request.context() + request.continuation());
        if (before.length == 0 || all.length <= before.length)
            throw new UnavailableFailure(where + ": '" + request.continuation() + "' after '"
                    + context.substring(Math.max(0, context.length() - 40))
                    + "' leaves nothing to score under this tokenizer: context and continuation need a token each");
        System.arraycopy(before, 0, all, 0, before.length);
        int cut = Math.max(0, all.length - (positions + 1));
        if (before.length - cut < 1)
            throw new UnavailableFailure(where + ": a choice has " + (all.length - before.length)
                    + " tokens, more than the " + positions + " positions of the model");
        return new TokenRequest(Arrays.copyOfRange(all, cut, all.length), before.length - cut);
    }

    /** Tokens the model has to see. */
    int inputs() {
        return ids.length - 1;
    }
}
