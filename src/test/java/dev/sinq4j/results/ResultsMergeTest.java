package dev.sinq4j.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.results.ResultsMerge.Merged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsMergeTest {

    @TempDir
    Path folder;

    @Test
    void shardsBecomeOneFolderAndMergingAgainChangesNothing() throws IOException {
        Path one = shard("one", Results.ok("a", 5.0), Results.ok("b", 6.0));
        Path two = shard("two", Results.ok("c", 7.0));
        assertEquals(new Merged(3, 3, 0, List.of(), List.of()), ResultsMerge.into(all(), List.of(one, two)));
        String lines = Files.readString(all().resolve("results.jsonl"));
        assertEquals(new Merged(3, 0, 3, List.of(), List.of()), ResultsMerge.into(all(), List.of(two, one)));
        assertEquals(lines, Files.readString(all().resolve("results.jsonl")));
        assertEquals(
                List.of(Results.ok("a", 5.0), Results.ok("b", 6.0), Results.ok("c", 7.0)),
                ResultsStore.read(all()).cells());
    }

    @Test
    void aFolderMergedIntoItselfStaysAsItIs() throws IOException {
        Path one = shard("one", Results.ok("a", 5.0), Results.failed("b", "out of memory"));
        String lines = Files.readString(one.resolve("results.jsonl"));
        assertEquals(new Merged(2, 0, 2, List.of(), List.of()), ResultsMerge.into(one, List.of(one)));
        assertEquals(lines, Files.readString(one.resolve("results.jsonl")));
    }

    @Test
    void anOkResultSupersedesAFailedOneInEitherOrder() {
        Path failed = shard("failed", Results.failed("a", "out of memory"));
        Path ok = shard("ok", Results.ok("a", 5.0));
        ResultsMerge.into(all(), List.of(failed, ok, failed));
        assertEquals(List.of(Results.ok("a", 5.0)), ResultsStore.read(all()).cells());
        ResultsMerge.into(folder.resolve("other"), List.of(ok, failed));
        assertEquals(
                List.of(Results.ok("a", 5.0)),
                ResultsStore.read(folder.resolve("other")).cells());
    }

    @Test
    void aCellWithOtherFiguresIsNamedAndTheFirstIsKept() {
        Path one = shard("one", Results.ok("a", 5.0));
        Path two = shard("two", Results.ok("a", 5.5));
        Merged merged = ResultsMerge.into(all(), List.of(one, two));
        assertEquals(
                List.of("cell a (rtn 4 bits on m): metrics.perplexity.wikitext2.value is 5.5 in " + two
                        + " but 5.0 in what came before, which was kept; the same cell has to give the same figures:"
                        + " compare the two lines' provenance (kernels, device, version)"),
                merged.conflicts());
        assertEquals(List.of(Results.ok("a", 5.0)), ResultsStore.read(all()).cells());
    }

    @Test
    void timesAndPeaksOfTwoRunsAreNoConflict() {
        Path one = shard("one", measured(1.5, 100));
        Path two = shard("two", measured(2.5, 200));
        assertEquals(new Merged(1, 1, 1, List.of(), List.of()), ResultsMerge.into(all(), List.of(one, two)));
    }

    private static CellResult measured(double seconds, long peak) {
        CellResult plain = Results.ok("a", 5.0);
        var memory = new Metrics.Memory(1, 1, 1, 4.25, null, peak, peak, peak, peak);
        var quantization = new Metrics.Quantization(seconds, 10, 1e-5, null, null, seconds, List.of(), null);
        return new CellResult(
                1,
                "a",
                "e",
                "m",
                "rtn",
                4,
                64,
                null,
                "fp16",
                null,
                CellResult.Status.OK,
                null,
                new Metrics(plain.metrics().perplexity(), null, null, memory, null, quantization),
                Results.PROVENANCE);
    }

    @Test
    void aTornLineOfAShardIsNamedAndTheRestMerged() throws IOException {
        Path one = shard("one", Results.ok("a", 5.0));
        Files.writeString(
                one.resolve("results.jsonl"), Files.readString(one.resolve("results.jsonl")) + "{\"schema\":1,");
        Merged merged = ResultsMerge.into(all(), List.of(one));
        assertEquals(1, merged.cells());
        assertEquals(
                List.of(one.resolve("results.jsonl")
                        + ": the last line is cut off (12 bytes) and was left out: a run was"
                        + " interrupted, or is writing now"),
                merged.warnings());
    }

    @Test
    void theConfigurationComesAlong() throws IOException {
        Path one = shard("one", Results.ok("a", 5.0));
        Files.writeString(one.resolve("experiment.yaml"), "experiment: e\n");
        ResultsMerge.into(all(), List.of(one));
        assertEquals("experiment: e\n", Files.readString(all().resolve("experiment.yaml")));
    }

    @Test
    void aFolderWithoutResultsIsNamedAndNothingIsWritten() {
        Path one = shard("one", Results.ok("a", 5.0));
        Path empty = folder.resolve("empty");
        var error = assertThrows(UnavailableFailure.class, () -> ResultsMerge.into(all(), List.of(one, empty)));
        assertEquals(
                empty + ": there is no results.jsonl here; name the folder a run wrote to, such as results/quickstart",
                error.getMessage());
        assertEquals(false, Files.exists(all()));
    }

    @Test
    void severalExperimentsNeedAFolder() throws IOException {
        Path one = shard("one", Results.ok("a", 5.0));
        Path two = Files.createDirectories(folder.resolve("two"));
        Files.writeString(
                two.resolve("results.jsonl"),
                ResultLine.format(Results.ok("b", 5.0)).replace("\"experiment\":\"e\"", "\"experiment\":\"f\"") + "\n");
        assertEquals("e", ResultsMerge.experiment(List.of(one)));
        var error = assertThrows(UsageFailure.class, () -> ResultsMerge.experiment(List.of(one, two)));
        assertEquals(
                "results of several experiments (e, f): say with --out DIR where to merge them", error.getMessage());
    }

    private Path all() {
        return folder.resolve("all");
    }

    private Path shard(String name, CellResult... results) {
        Path shard = folder.resolve(name);
        try (ResultsStore store = ResultsStore.open(shard)) {
            for (CellResult result : results) store.append(result);
        }
        return shard;
    }
}
