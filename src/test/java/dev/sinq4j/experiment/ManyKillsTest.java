package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.ResultsStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The quickstart's thirteen cells, with short windows, killed at random moments: no finished cell is lost and none is there
 * twice. {@code -Dsinq4j.long=true} kills 200 times, otherwise a few.
 */
class ManyKillsTest {

    private static final int KILLS = Boolean.getBoolean("sinq4j.long") ? 200 : 2;

    @TempDir
    Path folder;

    @Test
    void killsAtRandomMomentsLoseAndDoubleNothing() throws Exception {
        Path config = config();
        long begin = System.nanoTime();
        assertEquals(0, RunProcess.finish(start(config, folder.resolve("whole"))));
        long wholeMillis = (System.nanoTime() - begin) / 1_000_000;
        Map<String, List<Double>> expected = figures(folder.resolve("whole"));
        assertEquals(13, expected.size());

        Random random = new Random(20261124);
        int rounds = 0;
        Path out = folder.resolve("round0");
        for (int kill = 0; kill < KILLS; kill++) {
            List<String> before = RunProcess.wholeLines(out);
            Process run = start(config, out);
            boolean ended = run.waitFor(random.nextLong(wholeMillis), TimeUnit.MILLISECONDS);
            run.destroyForcibly().waitFor();
            List<String> after = RunProcess.wholeLines(out);
            assertEquals(before, after.subList(0, before.size()), "kill " + kill);
            if ((kill + 1) % 20 == 0) System.out.println((kill + 1) + " kills, " + rounds + " runs completed");
            if (!ended && after.size() < expected.size()) continue;
            check(config, out, expected);
            out = folder.resolve("round" + ++rounds);
        }
        check(config, out, expected);
    }

    /** Lets the run finish: every cell is there exactly once, with the figures of a run that nobody killed. */
    private void check(Path config, Path out, Map<String, List<Double>> expected) throws Exception {
        assertEquals(0, RunProcess.finish(start(config, out)));
        List<String> lines = Files.readAllLines(out.resolve("results.jsonl"));
        assertEquals(expected.size(), lines.size());
        assertEquals(lines.size(), new HashSet<>(lines).size());
        assertEquals(expected, figures(out));
    }

    private static Map<String, List<Double>> figures(Path results) {
        Map<String, List<Double>> figures = new TreeMap<>();
        for (CellResult cell : ResultsStore.read(results).cells())
            figures.put(cell.cell(), cell.metrics().perplexity().get("stories").windowNll());
        return figures;
    }

    private Process start(Path config, Path out) throws IOException {
        return RunProcess.of(config, out, folder.resolve("cache")).start();
    }

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("quickstart.yaml"), """
            experiment: kills
            models: [{id: experiments/quickstart/model}]
            methods:
              - {method: none}
              - {method: rtn,   bits: [4, 3, 2]}
              - {method: hqq,   bits: [4, 3, 2]}
              - {method: sinq,  bits: [4, 3, 2]}
              - {method: asinq, bits: [4, 3, 2], calibration: {text: experiments/quickstart/calibration.txt, tokens: 64, blocks: 1}}
            metrics:
              perplexity: {datasets: [{name: stories, text: experiments/quickstart/stories.txt}], window: 64, windows: 1}
            report: {tables: [csv], figures: [], page: false}
            """);
    }
}
