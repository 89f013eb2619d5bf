package dev.sinq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.results.ResultsStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardsTest {

    @TempDir
    Path folder;

    @Test
    void mergedShardsHaveTheFiguresOfAWholeRun() throws IOException {
        Path config = Files.writeString(folder.resolve("small.yaml"), """
            experiment: small
            models: [{id: experiments/quickstart/model}]
            methods: [{method: none}, {method: rtn, bits: [4, 3]}]
            metrics:
              perplexity: {datasets: [{name: stories, text: experiments/quickstart/stories.txt}], window: 64, windows: 2}
            report: {tables: [csv], figures: [], page: false}
            """);
        Path whole = run(config, "whole");
        Path one = run(config, "1", "--shard", "1/4");
        Path two = run(config, "2", "--shard", "2/4");
        Path three = run(config, "3", "--shard", "3/4");
        run(config, "4", "--shard", "4/4"); // no cell is left for it
        Path merged = folder.resolve("merged");
        assertEquals(
                0,
                Main.execute(
                        "merge",
                        "-q",
                        one.toString(),
                        two.resolve("results.jsonl").toString(),
                        three.toString(),
                        "--out",
                        merged.toString()));
        assertEquals(figures(whole), figures(merged));
        assertEquals(3, figures(merged).size());
        assertTrue(Files.exists(merged.resolve("report.html")));
    }

    private Path run(Path config, String name, String... more) {
        Path out = folder.resolve(name);
        String[] arguments = new String[5 + more.length];
        arguments[0] = "run";
        arguments[1] = config.toString();
        arguments[2] = "-q";
        arguments[3] = "--out";
        arguments[4] = out.toString();
        System.arraycopy(more, 0, arguments, 5, more.length);
        assertEquals(0, Main.execute(arguments));
        return out;
    }

    private static Map<String, Object> figures(Path results) {
        Map<String, Object> figures = new TreeMap<>();
        ResultsStore.read(results)
                .cells()
                .forEach(cell -> figures.put(cell.cell(), cell.metrics().perplexity()));
        return figures;
    }
}
