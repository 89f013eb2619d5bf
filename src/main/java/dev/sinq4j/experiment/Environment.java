package dev.sinq4j.experiment;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.results.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * The facts about this run that every result carries.
 *
 * @param command         the command line that repeats the run
 * @param configSha256    of the configuration file
 * @param referenceCommit of the implementation the methods follow
 * @param threads         CPU threads computing
 */
record Environment(
        String command, String configSha256, String referenceCommit, int threads, long seed, String gitCommit) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String UNKNOWN = "unknown";

    static Environment of(String command, String configSha256, String referenceCommit, int threads, long seed) {
        String commit = GitCommit.of(Path.of("").toAbsolutePath()).orElse(UNKNOWN);
        return new Environment(command, configSha256, referenceCommit, threads, seed, commit);
    }

    /**
     * The provenance of a cell.
     *
     * @param started when it began, by the clock on the wall
     * @param seconds it took, by a clock that nobody sets
     */
    Provenance provenance(
            Instant started,
            double seconds,
            Backend backend,
            Map<String, String> modelSha256,
            Map<String, String> datasetSha256) {
        return new Provenance(
                started.truncatedTo(ChronoUnit.SECONDS).toString(),
                Math.round(seconds * 1000) / 1000.0,
                ProgramVersion.text(),
                gitCommit.equals(UNKNOWN) ? null : gitCommit,
                referenceCommit,
                backend.name(),
                backend.description(),
                device(),
                host(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                threads,
                seed,
                configSha256,
                modelSha256,
                datasetSha256,
                command);
    }

    /** The processor's name, where the system tells it. */
    static String device() {
        if (!Files.isReadable(CPU_INFO)) return System.getProperty("os.arch");
        try {
            return Files.readAllLines(CPU_INFO).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException unreadable) {
            return System.getProperty("os.arch");
        }
    }

    /** From the kernel, not from the resolver: a run opens no socket. */
    private static String host() {
        if (!Files.isReadable(HOST_NAME)) return UNKNOWN;
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException unreadable) {
            return UNKNOWN;
        }
    }
}
