package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.ExperimentRunner.Outcome;
import dev.sinq4j.experiment.Quickstart.Recorder;
import dev.sinq4j.hub.HubCache;
import dev.sinq4j.results.CellResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SINQ's rivals from a configuration to a stored result, on the bundled model. */
class RivalsRunTest {

    /** Of the dense model, at 8 bits: near enough that nothing can be wrong with the layers' function. */
    private static final double AT_EIGHT_BITS = 0.01;

    @TempDir
    Path folder;

    @Test
    void rotatedAndSequentialMethodsRunEndToEnd() throws IOException {
        Map<String, CellResult> results = run("[{method: none}, {method: gptq, bits: 8}, {method: gptq, bits: 3},"
                + " {method: gptq, bits: 3, act-order: true, damping: 0.05}, {method: hadamard-rtn, bits: 8},"
                + " {method: hadamard-gptq, bits: 8, rotation-seed: 3}]");
        double dense = perplexity(results.get("none 16"));
        for (String name : List.of("gptq", "hadamard-rtn", "hadamard-gptq"))
            assertEquals(
                    dense,
                    perplexity(results.entrySet().stream()
                            .filter(entry -> entry.getKey().startsWith(name + " 8"))
                            .findFirst()
                            .orElseThrow()
                            .getValue()),
                    AT_EIGHT_BITS * dense,
                    name);
        CellResult ordered = results.values().stream()
                .filter(cell -> cell.options() != null && cell.options().containsKey("act-order"))
                .findFirst()
                .orElseThrow();
        assertEquals(true, ordered.options().get("act-order"));
        assertEquals(0.05, ordered.options().get("damping"));
        assertTrue(perplexity(ordered) < 2 * dense);
    }

    @Test
    void methodsThatNeedNoTextRunEndToEnd() throws IOException {
        Map<String, CellResult> results = run("[{method: none}, {method: bnb-nf4}, {method: bnb-fp4}, {method: q4_0},"
            + " {method: q4_1}, {method: q5_0}, {method: q8_0}, {method: q3_k_s}, {method: sinq, kurtosis-gate: 5.0},"
            + " {method: sinq, tile-halving: true, group: 128}]");
        double dense = perplexity(results.get("none 16"));
        assertEquals(dense, perplexity(results.get("q8_0 8")), AT_EIGHT_BITS * dense);
        for (CellResult cell : results.values()) assertTrue(perplexity(cell) < 1.3 * dense, cell.method());
    }

    @Test
    void awqRunsEndToEnd() throws IOException {
        Map<String, CellResult> results =
                run("[{method: none}, {method: awq, bits: 8}, {method: awq, bits: 8, clip: false}]");
        double dense = perplexity(results.get("none 16"));
        for (CellResult cell : results.values()) assertEquals(dense, perplexity(cell), AT_EIGHT_BITS * dense);
    }

    /** By name, bits and options; checks that each stores as many bytes as its plan said. */
    private Map<String, CellResult> run(String methods) throws IOException {
        ExperimentConfig config = Quickstart.config(folder, methods);
        Plan plan = Experiment.plan(config, Cells.of(config), new HubCache(folder));
        Recorder recorder = new Recorder();
        Outcome outcome = Quickstart.run(config, folder.resolve("out"), recorder);
        assertEquals(new Outcome(plan.cells().size(), 0, 0), outcome);
        Map<String, CellResult> results = new LinkedHashMap<>();
        for (int i = 0; i < recorder.stored.size(); i++) {
            CellResult cell = recorder.stored.get(i);
            assertEquals(
                    cell.metrics().memory().bitsPerWeight(), plan.cells().get(i).bitsPerWeight(), 1e-9, cell.method());
            results.put(cell.method() + " " + cell.bits() + (cell.options() == null ? "" : cell.options()), cell);
        }
        assertEquals(plan.cells().size(), results.size(), "cells that cannot be told apart");
        return results;
    }

    private static double perplexity(CellResult cell) {
        return cell.metrics().perplexity().get("stories").value();
    }
}
