package dev.sinq4j.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A decoder as its config.json describes it: enough to compute with, and to plan memory without any weights.
 *
 * @param modelType  {@code model_type}, for example {@code apertus}
 * @param vocabulary rows of embedding and head
 * @param hidden     width of the residual stream
 * @param positions  longest sequence the model was made for
 * @param normEps    of every RMSNorm over hidden, and over query and key heads
 * @param rope       rotary embedding of every layer, or of those that do not ask for {@code localRope}
 * @param localRope  another one, for layers with a window, where the family has two
 * @param embedding  (vocabulary, hidden)
 * @param embeddingFactor on the embeddings as they enter the first layer, usually 1
 * @param finalNorm  RMSNorm weight (hidden) after the last layer
 * @param head       (vocabulary, hidden); reads the embedding's tensor where {@code tied}
 * @param tied       whether head and embedding are one tensor
 * @param beginToken put before a text, if the model has one
 * @param endTokens  that end a text; often one, possibly none
 */
public record Architecture(
        String modelType,
        int vocabulary,
        int hidden,
        int positions,
        float normEps,
        Rope rope,
        Optional<Rope> localRope,
        Parameter embedding,
        float embeddingFactor,
        List<Layer> layers,
        Parameter finalNorm,
        Linear head,
        boolean tied,
        OptionalInt beginToken,
        List<Integer> endTokens) {

    public Architecture {
        layers = List.copyOf(layers);
        endTokens = List.copyOf(endTokens);
    }

    /** Every matrix of every layer, in the order they are used; not the head. */
    public List<Linear> linears() {
        return layers.stream().flatMap(layer -> layer.linears().stream()).toList();
    }

    /** Every tensor that is no linear layer's matrix: embedding, norms, biases, scalars. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        all.add(embedding);
        layers.forEach(layer -> all.addAll(layer.parameters()));
        all.add(finalNorm);
        return all;
    }

    /** Numbers the model learned, tied ones counted once; constants that its files carry are none. */
    public long parameterCount() {
        long matrices = Stream.concat(linears().stream(), tied ? Stream.empty() : Stream.of(head))
                .mapToLong(Linear::elements)
                .sum();
        return matrices
                + parameters().stream()
                        .filter(parameter -> !parameter.constant())
                        .mapToLong(Parameter::elements)
                        .sum();
    }

    /** Numbers in matrices that methods may quantize. */
    public long quantizableCount() {
        return linears().stream()
                .filter(Linear::quantizable)
                .mapToLong(Linear::elements)
                .sum();
    }

    /** Numbers one position takes in the key and value caches of all layers. */
    public long cachedNumbersPerPosition() {
        return layers.stream()
                .mapToLong(layer -> layer.attention().cachedNumbers())
                .sum();
    }
}
