package dev.sinq4j.cli;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.PreSinq;
import dev.sinq4j.method.PreSinq.Absorption;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.presinq.PreSinqModel;
import dev.sinq4j.tensor.DType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is done to a model before a method. */
final class PreSinqOptions {

    @Option(
            names = "--presinq",
            description = "Pre-SINQ (SINQ without overhead) first: column scales move into norms and neighbouring"
                    + " matrices, which leaves the model's function as it is. Goes with every method, none too.")
    boolean presinq;

    @Option(
            names = "--presinq-tile",
            paramLabel = "N",
            description = "Columns of a Sinkhorn tile, 8 to 1024; 64 by default.")
    @Nullable
    Integer tile;

    @Option(names = "--presinq-iterations", paramLabel = "N", description = "Of Sinkhorn, 2 to 64; 16 by default.")
    @Nullable
    Integer iterations;

    @Option(names = "--presinq-repeats", paramLabel = "N", description = "Passes over a layer, 1 to 8; 1 by default.")
    @Nullable
    Integer repeats;

    @Option(
            names = "--presinq-absorb",
            paramLabel = "NAME",
            split = ",",
            description = "Whose column scales move: qkv, gate-up, down, out; all that the family allows but out by"
                    + " default.")
    List<String> absorb = List.of();

    /** The settings asked for; empty for none. */
    Optional<PreSinq> settings() {
        if (!presinq) {
            if (tile != null || iterations != null || repeats != null || !absorb.isEmpty())
                throw new UsageFailure("--presinq-tile, --presinq-iterations, --presinq-repeats and --presinq-absorb"
                        + " need --presinq");
            return Optional.empty();
        }
        PreSinq otherwise = PreSinq.DEFAULT;
        try {
            return Optional.of(new PreSinq(
                    tile == null ? otherwise.tile() : tile,
                    iterations == null ? otherwise.iterations() : iterations,
                    repeats == null ? otherwise.repeats() : repeats,
                    absorb.stream().map(Absorption::of).toList()));
        } catch (IllegalArgumentException e) {
            throw new UsageFailure("--presinq: " + e.getMessage());
        }
    }

    /** The model after pre-SINQ, where it is asked for; changed tensors in a type, or in their own. */
    ModelSource apply(ModelSource source, Optional<DType> dtype) {
        return settings()
                .<ModelSource>map(settings -> PreSinqModel.of(source, settings, dtype))
                .orElse(source);
    }
}
