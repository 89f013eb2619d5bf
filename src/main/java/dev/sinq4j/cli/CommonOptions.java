package dev.sinq4j.cli;

import dev.sinq4j.config.Backend;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command. */
final class CommonOptions {

    @Option(
            names = "--backend",
            paramLabel = "auto|cpu|cuda",
            description = "Where to compute. A backend asked for by name and missing is an error.")
    @Nullable
    Backend backend;

    @Option(names = "--threads", paramLabel = "N", description = "CPU threads; all processors by default.")
    @Nullable
    Integer threads;

    @Option(names = "--json", description = "One JSON object on standard output, everything else on standard error.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Neither progress nor warnings.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more on standard error; twice for everything.")
    boolean[] verbose = {};

    /** Where to compute. */
    Backend backendOrAuto() {
        return backend == null ? Backend.AUTO : backend;
    }

    /** CPU threads to use. */
    int threadsOrAll() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** The console these options ask for. */
    Console console() {
        return Console.of(json, quiet);
    }
}
