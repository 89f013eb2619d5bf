package dev.sinq4j.method;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A setting that only some methods have, besides bits, group, tiling and auxiliaries. */
public enum MethodOption {
    REFERENCE_EXACT(
            "reference-exact",
            Kind.SWITCH,
            "Reproduce the reference's defects instead of mending them",
            "only methods of the SINQ reference have defects to reproduce"),
    ACT_ORDER(
            "act-order",
            Kind.SWITCH,
            "Round the columns with the largest inputs first",
            "only gptq and hadamard-gptq round one column after the other"),
    DAMPING(
            "damping",
            Kind.SHARE,
            "What is added to the Hessian's diagonal, as a share of its mean",
            "only gptq and hadamard-gptq have a Hessian"),
    KURTOSIS_GATE(
            "kurtosis-gate",
            Kind.POSITIVE,
            "Round matrices of a kurtosis above this to nearest; 5.0 in SINQ after the pinned commit",
            "only methods with Sinkhorn scales have a gate"),
    TILE_HALVING(
            "tile-halving",
            Kind.SWITCH,
            "Halve tiles whose width does not divide the columns; in SINQ after the pinned commit",
            "only methods with Sinkhorn scales have tiles to halve"),
    CLIP(
            "clip",
            Kind.SWITCH,
            "Search how far to clip the range of each group; on unless switched off",
            "only awq clips"),
    ROTATION_SEED(
            "rotation-seed",
            Kind.WHOLE,
            "Seed of the random signs of the Hadamard rotation",
            "only hadamard-rtn and hadamard-gptq rotate");

    private final String key;
    private final Kind kind;
    private final String description;
    private final String owners;

    MethodOption(String key, Kind kind, String description, String owners) {
        this.key = key;
        this.kind = kind;
        this.description = description;
        this.owners = owners;
    }

    /** What an option's value may be. */
    public enum Kind {
        /** A {@link Boolean}. */
        SWITCH("true or false"),
        /** A {@link Long} that is not negative. */
        WHOLE("a whole number from 0 on"),
        /** A number from 0 to below 1. */
        SHARE("a number from 0 to below 1"),
        /** A finite number above 0. */
        POSITIVE("a number above 0");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For messages: {@code true or false}. */
        public String words() {
            return words;
        }

        /** Whether a value is of this kind. */
        public boolean accepts(Object value) {
            return switch (this) {
                case SWITCH -> value instanceof Boolean;
                case WHOLE -> value instanceof Long number && number >= 0;
                case SHARE -> value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() < 1;
                case POSITIVE ->
                    value instanceof Number number && number.doubleValue() > 0 && Double.isFinite(number.doubleValue());
            };
        }
    }

    /** The name in configurations and results. */
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /** One line for help and schema. */
    public String description() {
        return description;
    }

    /** Which methods have it, as a refusal says it. */
    String owners() {
        return owners;
    }

    /** The option of a key. */
    public static Optional<MethodOption> of(String key) {
        return Arrays.stream(values()).filter(option -> option.key.equals(key)).findFirst();
    }

    /** Every key. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(MethodOption::key).toList();
    }
}
