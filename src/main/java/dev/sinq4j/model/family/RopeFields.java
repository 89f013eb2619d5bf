package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Rope;
import dev.sinq4j.model.architecture.RopeScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads {@code rope_theta} and {@code rope_scaling}, or their newer common form {@code rope_parameters}. A kind of scaling,
 * or a setting of one, that is not known is refused: ignoring it would give a model that is almost right.
 */
record RopeFields(ConfigJson config, int dim, double usualTheta) {

    private static final Set<String> COMMON = Set.of("type", "rope_type", "rope_theta", "partial_rotary_factor");

    /**
     * @param dim        numbers of a head that are rotated
     * @param usualTheta where the configuration gives none
     */
    static Rope read(ConfigJson config, int dim, double usualTheta) {
        if (dim % 2 != 0)
            throw config.failure("head_dim", "the rotated part of a head has " + dim + " numbers, an odd number");
        return new RopeFields(config, dim, usualTheta).rope();
    }

    private Rope rope() {
        Optional<ConfigJson> parameters = config.object("rope_parameters");
        if (parameters.isPresent() && config.has("rope_scaling"))
            throw config.failure("rope_scaling", "contradicts 'rope_parameters'; only one of them may be there");
        OptionalDouble theta = config.optionalPositive("rope_theta");
        if (theta.isEmpty() && parameters.isPresent()) theta = parameters.get().optionalPositive("rope_theta");
        RopeScaling scaling = parameters
                .or(() -> config.object("rope_scaling"))
                .map(this::scaling)
                .orElse(new RopeScaling.None());
        return new Rope(dim, theta.orElse(usualTheta), scaling);
    }

    private RopeScaling scaling(ConfigJson fields) {
        String kind = kind(fields);
        return switch (kind) {
            case "default" -> {
                allow(fields);
                yield new RopeScaling.None();
            }
            case "linear" -> {
                allow(fields, "factor");
                yield new RopeScaling.Linear((float) fields.positive("factor"));
            }
            case "llama3" -> llama3(fields);
            case "yarn" -> yarn(fields);
            case "longrope", "su" -> longRope(fields);
            default ->
                throw fields.failure(
                        fields.has("rope_type") ? "rope_type" : "type",
                        "expected one of [default, linear, llama3, yarn, longrope], found \"" + kind + "\"");
        };
    }

    private static String kind(ConfigJson fields) {
        Optional<String> newer = fields.optionalText("rope_type");
        Optional<String> older = fields.optionalText("type");
        if (newer.isPresent() && older.isPresent() && !newer.equals(older))
            throw fields.failure("rope_type", "'" + newer.get() + "' contradicts type '" + older.get() + "'");
        return newer.or(() -> older).orElseGet(() -> fields.text("rope_type"));
    }

    private static RopeScaling llama3(ConfigJson fields) {
        allow(fields, "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings");
        float low = (float) fields.positive("low_freq_factor");
        float high = (float) fields.positive("high_freq_factor");
        if (low >= high) throw fields.wrong("high_freq_factor", "more than low_freq_factor, which is " + low);
        return new RopeScaling.Llama3(
                (float) fields.positive("factor"), low, high, fields.size("original_max_position_embeddings"));
    }

    private RopeScaling yarn(ConfigJson fields) {
        allow(
                fields,
                "factor",
                "attention_factor",
                "beta_fast",
                "beta_slow",
                "mscale",
                "mscale_all_dim",
                "truncate",
                "original_max_position_embeddings");
        double factor = fields.positive("factor");
        int original = fields.optionalSize("original_max_position_embeddings")
                .orElseGet(() -> config.size("max_position_embeddings"));
        return new RopeScaling.Yarn(
                (float) factor,
                original,
                fields.optionalPositive("beta_fast").orElse(32),
                fields.optionalPositive("beta_slow").orElse(1),
                fields.flag("truncate", true),
                (float) fields.optionalPositive("attention_factor").orElseGet(() -> yarnAmplitude(fields, factor)));
    }

    private static double yarnAmplitude(ConfigJson fields, double factor) {
        OptionalDouble mscale = fields.optionalPositive("mscale");
        OptionalDouble allDim = fields.optionalPositive("mscale_all_dim");
        if (mscale.isEmpty() || allDim.isEmpty()) return yarnAmplitude(factor, 1);
        return yarnAmplitude(factor, mscale.getAsDouble()) / yarnAmplitude(factor, allDim.getAsDouble());
    }

    private static double yarnAmplitude(double factor, double mscale) {
        return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }

    private RopeScaling longRope(ConfigJson fields) {
        allow(fields, "factor", "attention_factor", "short_factor", "long_factor", "original_max_position_embeddings");
        OptionalInt outer = config.optionalSize("original_max_position_embeddings");
        int original = outer.orElseGet(() -> fields.size("original_max_position_embeddings"));
        double factor = outer.isPresent()
                ? (double) config.size("max_position_embeddings") / original
                : fields.optionalPositive("factor")
                        .orElseGet(() -> (double) config.size("max_position_embeddings") / original);
        double amplitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        return new RopeScaling.LongRope(
                fields.positives("short_factor", dim / 2), fields.positives("long_factor", dim / 2), original, (float)
                        fields.optionalPositive("attention_factor").orElse(amplitude));
    }

    private static void allow(ConfigJson fields, String... known) {
        List<String> unknown = new ArrayList<>();
        fields.fields().fieldNames().forEachRemaining(name -> {
            if (!COMMON.contains(name) && !List.of(known).contains(name)) unknown.add(name);
        });
        if (!unknown.isEmpty())
            throw fields.failure(unknown.get(0), "is not known for this kind of scaling; expected " + List.of(known));
    }
}
