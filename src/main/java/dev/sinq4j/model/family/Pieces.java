package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.Attention.QueryKeyNorm;
import dev.sinq4j.model.architecture.Attention.QueryKeyValue;
import dev.sinq4j.model.architecture.FeedForward.GateUp;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.architecture.Role;
import dev.sinq4j.model.architecture.Rope;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What most families have in common, under the tensor names that Llama introduced. */
final class Pieces {

    private Pieces() {}

    /** Separate q, k, v and o projections. */
    static GroupedQuery groupedQuery(
            LayerNames names,
            Dimensions d,
            int window,
            boolean qkvBias,
            boolean outputBias,
            Optional<QueryKeyNorm> norm) {
        int queries = d.heads() * d.headDim();
        int keys = d.kvHeads() * d.headDim();
        QueryKeyValue projections = new QueryKeyValue.Separate(
                names.linear(Role.Q, "self_attn.q_proj", queries, d.hidden(), qkvBias),
                names.linear(Role.K, "self_attn.k_proj", keys, d.hidden(), qkvBias),
                names.linear(Role.V, "self_attn.v_proj", keys, d.hidden(), qkvBias));
        Linear output = names.linear(Role.O, "self_attn.o_proj", d.hidden(), queries, outputBias);
        return new GroupedQuery(d.heads(), d.kvHeads(), d.headDim(), window, projections, output, norm);
    }

    /** Norms over each query and key head. */
    static Optional<QueryKeyNorm> queryKeyNorm(LayerNames names, Dimensions d) {
        return Optional.of(new QueryKeyNorm(
                names.norm("self_attn.q_norm", d.headDim()), names.norm("self_attn.k_norm", d.headDim())));
    }

    /** SwiGLU as the layer's only network. */
    static Gated gated(LayerNames names, int hidden, int width, boolean bias) {
        return new Gated(
                width,
                new GateUp.Separate(
                        names.linear(Role.GATE, "mlp.gate_proj", width, hidden, bias),
                        names.linear(Role.UP, "mlp.up_proj", width, hidden, bias)),
                names.linear(Role.DOWN, "mlp.down_proj", hidden, width, bias));
    }

    /** SwiGLU networks, one an expert. */
    static List<Gated> experts(LayerNames names, int count, int hidden, int width) {
        return IntStream.range(0, count)
                .mapToObj(names::expert)
                .map(expert -> new Gated(
                        width,
                        new GateUp.Separate(
                                expert.linear(Role.GATE, "gate_proj", width, hidden),
                                expert.linear(Role.UP, "up_proj", width, hidden)),
                        expert.linear(Role.DOWN, "down_proj", hidden, width)))
                .toList();
    }

    /** Layers between embedding and head; the head reads the embedding's tensor where {@code tie_word_embeddings}. */
    static Architecture decoder(ConfigJson config, Rope rope, IntFunction<Layer> layer) {
        return decoder(config, rope, Ends.usual(config), layer);
    }

    /**
     * What families do differently around their layers.
     *
     * @param tied            whether the head reads the embedding's tensor
     * @param localRope       a second rotary embedding, for layers with a window
     * @param embeddingFactor on the embeddings
     * @param normShift       added to the last norm's stored numbers
     */
    record Ends(boolean tied, Optional<Rope> localRope, float embeddingFactor, float normShift) {
        static Ends usual(ConfigJson config) {
            return new Ends(config.flag("tie_word_embeddings", false), Optional.empty(), 1, 0);
        }
    }

    /** As {@link #decoder(ConfigJson, Rope, IntFunction)}, with other ends. */
    static Architecture decoder(ConfigJson config, Rope rope, Ends ends, IntFunction<Layer> layer) {
        int hidden = config.size("hidden_size");
        int vocabulary = config.size("vocab_size");
        Parameter embedding = new Parameter("model.embed_tokens.weight", List.of((long) vocabulary, (long) hidden), 0);
        Linear head = new Linear(
                new LinearId(LinearId.NONE, Role.HEAD, LinearId.NONE),
                ends.tied() ? embedding.name() : "lm_head.weight",
                Optional.empty(),
                vocabulary,
                hidden,
                false);
        return new Architecture(
                config.text("model_type"),
                vocabulary,
                hidden,
                config.size("max_position_embeddings"),
                (float) config.positive("rms_norm_eps"),
                rope,
                ends.localRope(),
                embedding,
                ends.embeddingFactor(),
                IntStream.range(0, Dimensions.layers(config)).mapToObj(layer).toList(),
                new Parameter("model.norm.weight", List.of((long) hidden), 1).storedLess(ends.normShift()),
                head,
                ends.tied(),
                beginToken(config, vocabulary),
                endTokens(config, vocabulary));
    }

    private static OptionalInt beginToken(ConfigJson config, int vocabulary) {
        return config.whole("bos_token_id", 0, vocabulary - 1);
    }

    private static List<Integer> endTokens(ConfigJson config, int vocabulary) {
        List<Integer> tokens = config.wholes("eos_token_id");
        for (int token : tokens)
            if (token >= vocabulary)
                throw config.wrong("eos_token_id", "tokens below vocab_size, which is " + vocabulary);
        return tokens;
    }
}
