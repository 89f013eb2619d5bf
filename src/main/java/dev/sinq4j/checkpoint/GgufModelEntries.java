package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.gguf.GgufEntries;
import dev.sinq4j.gguf.GgufFileType;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.FeedForward.Experts;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import dev.sinq4j.model.architecture.FeedForward.Xielu;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.architecture.RopeScaling;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An architecture as GGUF metadata. Keys and their meaning: {@code gguf-py/gguf/constants.py} of llama.cpp (package gguf 0.19), and
 * what its {@code convert_hf_to_gguf.py} writes for each family.
 */
final class GgufModelEntries {

    private static final Map<String, String> NAMES = Map.of(
            "llama", "llama",
            "mistral", "llama",
            "qwen2", "qwen2",
            "qwen3", "qwen3",
            "qwen3_moe", "qwen3moe",
            "apertus", "apertus");

    private static final int QUANTIZATION_VERSION = 2;

    private final ModelSource source;
    private final Architecture architecture;
    private final String name;

    /** @throws UsageFailure if the family, or something a model of it has, is not written to GGUF */
    GgufModelEntries(ModelSource source) {
        this.source = source;
        this.architecture = source.architecture();
        @Nullable String known = NAMES.get(architecture.modelType());
        if (known == null)
            throw refused("models of type '" + architecture.modelType() + "' are not written to GGUF; these are: "
                    + NAMES.keySet().stream().sorted().toList());
        this.name = known;
        architecture.layers().forEach(this::requireWritable);
    }

    /** Whether llama.cpp wants the rows of q and k so that the two halves a rotation pairs lie side by side. */
    boolean reordersQueriesAndKeys() {
        return name.equals("llama");
    }

    private void requireWritable(Layer layer) {
        if (layer.attention().window() != Attention.NO_WINDOW)
            throw refused("layer " + layer.index() + " sees only the last "
                    + layer.attention().window() + " positions, which the format cannot say for this family");
        if (!(layer.feedForward() instanceof Experts) && name.equals("qwen3moe"))
            throw refused("layer " + layer.index() + " has no experts, which the format cannot say for this family");
        if (layer.feedForward() instanceof Experts experts && !experts.routing().renormalize())
            throw refused(
                    "norm_topk_prob is false, but llama.cpp always divides the chosen experts' weights by their sum");
    }

    void add(GgufEntries entries, GgufFileType type, String title) {
        Layer first = architecture.layers().getFirst();
        if (!(first.attention() instanceof GroupedQuery attention))
            throw refused("its attention is not written to GGUF");
        entries.text("general.architecture", name)
                .text("general.type", "model")
                .text("general.name", title)
                .count("general.file_type", type.id())
                .count("general.quantization_version", QUANTIZATION_VERSION)
                .count(name + ".vocab_size", architecture.vocabulary())
                .count(name + ".context_length", architecture.positions())
                .count(name + ".embedding_length", architecture.hidden())
                .count(name + ".block_count", architecture.layers().size())
                .count(name + ".feed_forward_length", width(first))
                .count(name + ".attention.head_count", attention.heads())
                .count(name + ".attention.head_count_kv", attention.kvHeads())
                .count(name + ".attention.key_length", attention.headDim())
                .count(name + ".attention.value_length", attention.headDim())
                .number(name + ".attention.layer_norm_rms_epsilon", architecture.normEps())
                .count(name + ".rope.dimension_count", architecture.rope().dim())
                .number(name + ".rope.freq_base", (float) architecture.rope().theta());
        addScaling(entries);
        switch (first.feedForward()) {
            case Gated _ -> {}
            case Experts experts -> addExperts(entries, experts);
            case Xielu _ -> addXielu(entries);
        }
    }

    private void addScaling(GgufEntries entries) {
        switch (architecture.rope().scaling()) {
            case RopeScaling.None _ -> {}
            case RopeScaling.Llama3 _ -> {} // a tensor of factors
            case RopeScaling.Linear linear ->
                entries.text(name + ".rope.scaling.type", "linear")
                        .number(name + ".rope.scaling.factor", linear.factor());
            case RopeScaling.Yarn _, RopeScaling.LongRope _ ->
                throw refused("its scaling of rotary frequencies is not written to GGUF; none, linear and llama3 are");
        }
    }

    /** By what llama.cpp divides each rotary frequency; null where it divides none. */
    float @Nullable [] frequencyFactors() {
        if (!(architecture.rope().scaling() instanceof RopeScaling.Llama3 scaling)) return null;
        float[] factors = new RopeScaling.None()
                .frequencies(architecture.rope().dim(), architecture.rope().theta(), 1);
        float[] scaled = scaling.frequencies(
                architecture.rope().dim(), architecture.rope().theta(), 1);
        for (int i = 0; i < factors.length; i++) factors[i] /= scaled[i];
        return factors;
    }

    private static int width(Layer layer) {
        return switch (layer.feedForward()) {
            case Gated gated -> gated.width();
            case Xielu xielu -> xielu.width();
            case Experts experts -> experts.experts().getFirst().width();
        };
    }

    private void addExperts(GgufEntries entries, Experts experts) {
        entries.count(name + ".expert_count", experts.experts().size())
                .count(name + ".expert_used_count", experts.routing().perToken())
                .count(
                        name + ".expert_feed_forward_length",
                        experts.experts().getFirst().width());
    }

    private void addXielu(GgufEntries entries) {
        entries.numbers("xielu.alpha_p", xielu(Xielu::alphaP))
                .numbers("xielu.alpha_n", xielu(Xielu::alphaN))
                .numbers("xielu.beta", xielu(Xielu::beta))
                .numbers("xielu.eps", xielu(Xielu::eps));
    }

    private float[] xielu(Function<Xielu, Parameter> number) {
        List<Layer> layers = architecture.layers();
        float[] values = new float[layers.size()];
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < values.length; i++)
                if (layers.get(i).feedForward() instanceof Xielu xielu)
                    values[i] = source.tensor(number.apply(xielu), arena).floats()[0];
        }
        return values;
    }

    private UsageFailure refused(String reason) {
        return new UsageFailure(source.description() + ": " + reason);
    }
}
