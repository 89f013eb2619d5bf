package dev.sinq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.config.Backend;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What commands read from the command line. */
class OptionsTest {

    @Test
    void runTakesSeveralAssignmentsBehindOneOption() {
        RunCommand run = parse(
                new RunCommand(),
                "--only",
                "method=sinq",
                "bits=3",
                "c.yaml",
                "--set",
                "seed=7",
                "--set",
                "methods[0].bits=[2, 3]",
                "--shard",
                "2/4",
                "--dry-run",
                "--backend",
                "cpu",
                "--threads",
                "2");
        assertEquals(Path.of("c.yaml"), run.config);
        assertEquals(List.of("method=sinq", "bits=3"), run.only);
        assertEquals(List.of("seed=7", "methods[0].bits=[2, 3]"), run.set);
        assertEquals(new Shard(2, 4), run.shard);
        assertTrue(run.dryRun);
        assertEquals(Backend.CPU, run.common.backend);
        assertEquals(2, run.common.threads);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/4", "5/4", "1", "1/0", "a/b", "-1/2"})
    void badSharesAreRefused(String share) {
        ParameterException e =
                assertThrows(ParameterException.class, () -> parse(new RunCommand(), "c.yaml", "--shard", share));
        assertTrue(
                String.valueOf(e.getMessage()).contains("is not I/N with I from 1 to N, for example 1/4")
                        || share.startsWith("-"),
                e.getMessage());
    }

    @Test
    void anAssignmentNeedsAnEqualsSign() {
        ParameterException e =
                assertThrows(ParameterException.class, () -> parse(new RunCommand(), "--set", "seed", "c.yaml"));
        assertEquals("Expected path=value but found 'seed'", e.getMessage());
    }

    @Test
    void commandsHaveTheContractsDefaults() {
        PerplexityCommand perplexity = parse(new PerplexityCommand(), "--model", "m", "--text", "t");
        assertEquals(2048, perplexity.window);
        BenchCommand bench = parse(new BenchCommand(), "--model", "m");
        assertEquals(List.of(512, 128, 5), List.of(bench.promptTokens, bench.generateTokens, bench.repetitions));
        assertEquals(List.of(1), bench.batch);
        assertEquals(List.of(1, 4), parse(new BenchCommand(), "--model", "m", "--batch", "1,4").batch);
        GenerateCommand generate = parse(new GenerateCommand(), "--model", "m", "--prompt", "p", "--top-p", "0.9");
        assertEquals(List.of(0.0, 0.9), List.of(generate.temperature, generate.topP));
        ReportCommand report = parse(new ReportCommand(), "a", "b");
        assertEquals(List.of(Path.of("a"), Path.of("b")), report.results);
        FetchCommand fetch = parse(new FetchCommand(), "org/name", "--revision", "main");
        assertEquals(List.of("org/name", "main"), List.of(fetch.what, String.valueOf(fetch.revision)));
        ValidateCommand validate = parse(new ValidateCommand(), "c.yaml");
        assertEquals(Path.of("c.yaml"), validate.config);
    }

    private static <C> C parse(C command, String... arguments) {
        new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return command;
    }
}
