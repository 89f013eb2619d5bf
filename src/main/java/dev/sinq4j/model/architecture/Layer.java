package dev.sinq4j.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One decoder layer: {@code x += attention(norm(x)); x += feedForward(norm(x))}.
 *
 * @param index           from 0
 * @param attentionNorm   RMSNorm weight (hidden) before attention
 * @param feedForwardNorm RMSNorm weight (hidden) before the feed-forward network
 */
public record Layer(
        int index, Parameter attentionNorm, Attention attention, Parameter feedForwardNorm, FeedForward feedForward) {

    /** Every matrix, in the order they are used. */
    public List<Linear> linears() {
        return Stream.concat(attention.linears().stream(), feedForward.linears().stream())
                .toList();
    }

    /** Every tensor that is no matrix of a linear layer: norms, biases, scalars. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(attentionNorm, feedForwardNorm));
        all.addAll(attention.parameters());
        all.addAll(feedForward.parameters());
        linears().forEach(linear -> linear.bias().ifPresent(all::add));
        return all;
    }
}
