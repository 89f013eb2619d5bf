package dev.sinq4j.model.family;

/** Reads what families with experts have in common. */
final class ExpertFields {

    private static final int MOST_EXPERTS = 4096;
    private static final long MOST_IN_A_MODEL = 1 << 20;

    private ExpertFields() {}

    /** Experts of a layer. */
    static int count(ConfigJson config, String field) {
        int count = config.whole(field, 1, MOST_EXPERTS)
                .orElseThrow(() -> config.failure(field, "is missing; expected a whole number"));
        if ((long) count * Dimensions.layers(config) > MOST_IN_A_MODEL)
            throw config.wrong(field, "at most " + MOST_IN_A_MODEL + " experts in all layers");
        return count;
    }

    /** Experts a token is sent to. */
    static int perToken(ConfigJson config, int count) {
        int perToken = config.size("num_experts_per_tok");
        if (perToken > count)
            throw config.wrong("num_experts_per_tok", "no more than there are experts, which is " + count);
        return perToken;
    }
}
