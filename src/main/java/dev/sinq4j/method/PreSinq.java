package dev.sinq4j.method;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pre-SINQ, also called SINQ without overhead: before any method, the column scales that SINQ would store are moved into
 * whatever feeds the columns, which leaves the model's function as it is. Composes with every {@link Method}.
 *
 * <p>Source: SINQ reference after the pinned commit, {@code presinq_models_generation}.
 *
 * @param tile       columns of a Sinkhorn tile; where it does not divide a matrix, the nearest divisor does
 * @param iterations of Sinkhorn
 * @param repeats    passes over a layer, each beginning with what the pass before left
 * @param absorb     which scales are moved; empty for all that a model's family allows but {@link Absorption#OUT}
 */
public record PreSinq(int tile, int iterations, int repeats, List<Absorption> absorb) {

    /** What is done where nothing is said. */
    public static final PreSinq DEFAULT = new PreSinq(64, 16, 1, List.of());

    public PreSinq {
        if (tile < 8 || tile > 1024) throw new IllegalArgumentException("tile must be 8 to 1024, was " + tile);
        if (iterations < 2 || iterations > 64)
            throw new IllegalArgumentException("iterations must be 2 to 64, were " + iterations);
        if (repeats < 1 || repeats > 8) throw new IllegalArgumentException("repeats must be 1 to 8, were " + repeats);
        absorb = absorb.stream().distinct().sorted().toList();
    }

    /** One word for results and file names, such as {@code 64x16x1} or {@code 64x16x2:qkv+out}. */
    public String label() {
        String label = tile + "x" + iterations + "x" + repeats;
        return absorb.isEmpty()
                ? label
                : label + absorb.stream().map(Absorption::label).collect(Collectors.joining("+", ":", ""));
    }

    /** Which matrices' columns are evened out, and what takes their scale. */
    public enum Absorption {
        /** q, k and v: the norm before attention. */
        QKV("qkv"),
        /** gate and up (and a router): the norm before the feed-forward network. */
        GATE_UP("gate-up"),
        /** down: the rows of up, which has to enter the product linearly. */
        DOWN("down"),
        /** o: the rows of v, one scale for all query heads that share a value head. */
        OUT("out");

        private final String label;

        Absorption(String label) {
            this.label = label;
        }

        /** The name in configurations, results and tables. */
        public String label() {
            return label;
        }

        /** Every label. */
        public static List<String> labels() {
            return Arrays.stream(values()).map(Absorption::label).toList();
        }

        /** @throws IllegalArgumentException if there is no such label */
        public static Absorption of(String label) {
            return Arrays.stream(values())
                    .filter(value -> value.label.equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "there is no absorption '" + label + "'; there are " + String.join(", ", labels())));
        }
    }
}
