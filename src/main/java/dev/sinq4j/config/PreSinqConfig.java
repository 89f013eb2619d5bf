package dev.sinq4j.config;

import dev.sinq4j.config.bind.Setting;
import dev.sinq4j.method.PreSinq;
import dev.sinq4j.method.PreSinq.Absorption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pre-SINQ before a method: {@code presinq: {}} for the defaults. */
public record PreSinqConfig(
        @Setting(value = "Columns of a Sinkhorn tile", fallback = "64", min = 8, max = 1024)
        int tile,

        @Setting(value = "Iterations of Sinkhorn", fallback = "16", min = 2, max = 64)
        int iterations,

        @Setting(value = "Passes over a layer", fallback = "1", min = 1, max = 8)
        int repeats,

        @Setting(
                value = "Whose column scales are moved; all that the family allows but out, if absent",
                allowed = {"qkv", "gate-up", "down", "out"},
                oneOrMany = true)
        @Nullable
        List<String> absorb) {

    /** As the method room takes it. */
    public PreSinq settings() {
        List<Absorption> absorptions =
                absorb == null ? List.of() : absorb.stream().map(Absorption::of).toList();
        return new PreSinq(tile, iterations, repeats, absorptions);
    }
}
