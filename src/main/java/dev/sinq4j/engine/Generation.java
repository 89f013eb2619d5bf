package dev.sinq4j.engine;

import java.util.Collection;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Continues a text.
 *
 * @param sampling  how each token is chosen
 * @param endTokens that end the text; they are not handed out
 * @param most      new tokens
 */
public record Generation(Sampling sampling, Set<Integer> endTokens, int most) {

    public Generation(Sampling sampling, Collection<Integer> endTokens, int most) {
        this(sampling, Set.copyOf(endTokens), most);
    }

    /**
     * Appends the prompt to the session's text and then token after token, as long as there is room.
     *
     * @param tokens is given each new token as soon as it is known
     */
    public void run(Session session, int[] prompt, IntConsumer tokens) {
        Sampler sampler = new Sampler(sampling);
        float[] logits = session.prefill(prompt);
        for (int made = 0; made < most; made++) {
            int token = sampler.choose(logits);
            if (endTokens.contains(token)) return;
            tokens.accept(token);
            if (made + 1 == most || session.length() == session.capacity()) return;
            logits = session.next(token);
        }
    }
}
