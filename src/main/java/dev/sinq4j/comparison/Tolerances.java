package dev.sinq4j.comparison;

import dev.sinq4j.config.bind.ConfigNode;
import dev.sinq4j.config.bind.Place;
import dev.sinq4j.config.bind.Problem;
import dev.sinq4j.config.bind.RecordBinder;
import dev.sinq4j.config.bind.Setting;
import dev.sinq4j.config.bind.YamlReader;
import dev.sinq4j.failure.UsageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How much worse each kind of figure may be. Speed is compared only where a tolerance for it is given, since it depends on
 * what else a machine does.
 */
public record Tolerances(
        @Setting(value = "Perplexity of a text", fallback = "{relative: 0.005}")
        Tolerance perplexity,

        @Setting(value = "Mean divergence from the dense model", fallback = "{relative: 0.05}")
        Tolerance klMean,

        @Setting(value = "Share of positions with the dense model's most likely token", fallback = "{absolute: 0.01}")
        Tolerance top1Agreement,

        @Setting(value = "Accuracy on a task", fallback = "{standard-errors: 2}")
        Tolerance acc,

        @Setting(value = "Accuracy normalized by length", fallback = "{standard-errors: 2}")
        Tolerance accNorm,

        @Setting(value = "Perplexity of a task's completions", fallback = "{standard-errors: 2}")
        Tolerance taskPerplexity,

        @Setting(value = "Share of answers that differ from the dense model's", fallback = "{standard-errors: 2}")
        Tolerance flips,

        @Setting(value = "Stored bits of a weight", fallback = "{relative: 0.001}")
        Tolerance bitsPerWeight,

        @Setting(value = "Relative error of the weights", fallback = "{relative: 0.01}")
        Tolerance weightError,

        @Setting("Median prefill speed") @Nullable Tolerance prefillSpeed,

        @Setting("Median decode speed") @Nullable Tolerance decodeSpeed) {

    /** What holds where no file says otherwise. */
    public static Tolerances standard() {
        return parse("the default tolerances", "{}");
    }

    /**
     * Reads a YAML file; what it leaves out has its default.
     *
     * @throws UsageFailure with every mistake, one a line
     */
    public static Tolerances load(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UsageFailure("--tolerance " + file + ": no such file", e);
        } catch (IOException e) {
            throw new UsageFailure("--tolerance " + file + ": cannot be read: " + e, e);
        }
    }

    static Tolerances parse(String source, String yaml) {
        List<Problem> problems = new ArrayList<>();
        Optional<ConfigNode> tree = YamlReader.file(source, yaml, problems);
        Optional<Tolerances> bound =
                tree.flatMap(root -> new RecordBinder(problems, Tolerances::check).bind(root, Tolerances.class));
        if (problems.isEmpty() && bound.isPresent()) return bound.get();
        throw new UsageFailure(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }

    private static Object check(Object bound, Place place) {
        if (bound instanceof Tolerance(Double absolute, Double relative, Double standardErrors)
                && absolute == null
                && relative == null
                && standardErrors == null) place.report("allows nothing; give absolute, relative or standard-errors");
        return bound;
    }

    /** The tolerance of a metric; null where it is not compared. */
    @Nullable
    Tolerance of(Metric metric) {
        return switch (metric) {
            case PERPLEXITY -> perplexity;
            case KL_MEAN -> klMean;
            case TOP1_AGREEMENT -> top1Agreement;
            case ACC -> acc;
            case ACC_NORM -> accNorm;
            case TASK_PERPLEXITY -> taskPerplexity;
            case FLIPS -> flips;
            case BITS_PER_WEIGHT -> bitsPerWeight;
            case WEIGHT_ERROR -> weightError;
            case PREFILL_SPEED -> prefillSpeed;
            case DECODE_SPEED -> decodeSpeed;
        };
    }
}
