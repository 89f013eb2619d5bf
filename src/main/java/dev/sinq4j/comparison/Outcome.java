package dev.sinq4j.comparison;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a comparison found. */
public enum Outcome {
    WITHIN("within tolerance", false),
    IMPROVED("improved", false),
    REGRESSION("regression", true),
    MISSING_CELL("missing cell", true),
    FAILED_CELL("failed cell", true),
    MISSING_FIGURE("missing figure", true),
    CHANGED_PROTOCOL("changed protocol", true),
    CHANGED_DATA("changed data", true),
    EXTRA_CELL("extra cell", false),
    EXTRA_FIGURE("extra figure", false);

    private final String words;
    private final boolean failure;

    Outcome(String words, boolean failure) {
        this.words = words;
        this.failure = failure;
    }

    /** As outputs name it. */
    @JsonValue
    public String words() {
        return words;
    }

    /** Whether it fails the gate. */
    public boolean isFailure() {
        return failure;
    }
}
