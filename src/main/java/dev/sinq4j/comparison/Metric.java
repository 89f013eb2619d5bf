package dev.sinq4j.comparison;

import com.fasterxml.jackson.annotation.JsonValue;

/** A kind of figure that two runs are compared by. */
enum Metric {
    PERPLEXITY("perplexity", true),
    KL_MEAN("kl-mean", true),
    TOP1_AGREEMENT("top1-agreement", false),
    ACC("acc", false),
    ACC_NORM("acc-norm", false),
    TASK_PERPLEXITY("task-perplexity", true),
    FLIPS("flips", true),
    BITS_PER_WEIGHT("bits-per-weight", true),
    WEIGHT_ERROR("weight-error", true),
    PREFILL_SPEED("prefill-speed", false),
    DECODE_SPEED("decode-speed", false);

    private final String label;
    private final boolean lowerIsBetter;

    Metric(String label, boolean lowerIsBetter) {
        this.label = label;
        this.lowerIsBetter = lowerIsBetter;
    }

    /** As tolerance files and outputs name it. */
    @JsonValue
    String label() {
        return label;
    }

    /** How much worse a candidate is than a baseline; below zero if it is better. */
    double worsening(double baseline, double candidate) {
        return lowerIsBetter ? candidate - baseline : baseline - candidate;
    }
}
