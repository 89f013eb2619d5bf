package dev.sinq4j.cli;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.QuantizedHead;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is done to the head of a model that is used as it is stored. */
final class HeadOptions {

    @Option(
            names = "--head-bits",
            paramLabel = "B",
            description = "Round the head to nearest in groups of 64 while the model is loaded, 2 to 8 bits; as it is"
                    + " stored by default. Half of what decoding a small model reads is its head.")
    @Nullable
    Integer bits;

    /** The head asked for; null for the stored one. */
    @Nullable
    QuantizedHead head() {
        try {
            return bits == null ? null : new QuantizedHead(bits);
        } catch (IllegalArgumentException e) {
            throw new UsageFailure("--" + e.getMessage());
        }
    }
}
