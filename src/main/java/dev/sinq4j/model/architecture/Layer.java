package dev.sinq4j.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One decoder layer: {@code x += attention(norm(x)); x += feedForward(norm(x))}, where each of the two terms may be normed
 * once more before it is added.
 *
 * @param index           from 0
 * @param attentionNorm   RMSNorm weight (hidden) before attention
 * @param feedForwardNorm RMSNorm weight (hidden) before the feed-forward network
 * @param outputNorms     over what attention and feed-forward network add, where the family has them
 */
public record Layer(
        int index,
        Parameter attentionNorm,
        Attention attention,
        Parameter feedForwardNorm,
        FeedForward feedForward,
        Optional<OutputNorms> outputNorms) {

    /** Without norms over what is added. */
    public Layer(
            int index,
            Parameter attentionNorm,
            Attention attention,
            Parameter feedForwardNorm,
            FeedForward feedForward) {
        this(index, attentionNorm, attention, feedForwardNorm, feedForward, Optional.empty());
    }

    /** RMSNorm weights (hidden) over attention's output and the feed-forward network's. */
    public record OutputNorms(Parameter attention, Parameter feedForward) {}

    /** Every matrix, in the order they are used. */
    public List<Linear> linears() {
        return Stream.concat(attention.linears().stream(), feedForward.linears().stream())
                .toList();
    }

    /** Every tensor that is no matrix of a linear layer: norms, biases, scalars. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(attentionNorm, feedForwardNorm));
        outputNorms.ifPresent(norms -> all.addAll(List.of(norms.attention(), norms.feedForward())));
        all.addAll(attention.parameters());
        all.addAll(feedForward.parameters());
        linears().forEach(linear -> linear.bias().ifPresent(all::add));
        return all;
    }
}
