package dev.sinq4j.report;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.Metrics.Against;
import dev.sinq4j.results.Metrics.Divergence;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.results.Metrics.Question;
import dev.sinq4j.results.Metrics.Task;
import dev.sinq4j.results.Metrics.Throughput;
import dev.sinq4j.results.Provenance;
import dev.sinq4j.results.ResultsStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Results made up for tests of the report, and the fixture of thirteen cells. */
public final class ResultCells {

    private ResultCells() {}

    /** Folder of a run like the quickstart's: none; rtn, hqq, sinq and asinq at 4, 3 and 2 bits. */
    public static Path quickstartFolder() {
        return Path.of("src/test/resources/dev/sinq4j/report/quickstart");
    }

    public static List<CellResult> quickstart() {
        return ResultsStore.read(quickstartFolder()).cells();
    }

    public static Provenance provenance() {
        return new Provenance(
                "2026-11-24T12:00:00Z",
                1.0,
                "0.1.0",
                null,
                "bbbc657",
                "cpu",
                "scalar",
                "made-up processor",
                "host",
                "Linux",
                "25.0.3",
                2,
                42,
                "cc",
                Map.of("model.safetensors", "aa"),
                Map.of("wiki", "0123456789abcdef"),
                null);
    }

    public static Metrics perplexity(int window, Double... losses) {
        double mean = List.of(losses).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        long tokens = (long) window * losses.length;
        Perplexity perplexity = new Perplexity(
                Math.exp(mean),
                0.1,
                window,
                window,
                losses.length,
                tokens,
                tokens - losses.length,
                "once",
                "dropped",
                "\n\n",
                List.of(losses));
        return new Metrics(Map.of("wiki", perplexity), null, null, null, null, null);
    }

    /** The dense model's, which is compared with nothing. */
    public static Metrics fidelity(double kl, double agreement, boolean... right) {
        return fidelity(kl, agreement, null, right);
    }

    public static Metrics fidelity(double kl, double agreement, @Nullable Against against, boolean... right) {
        Divergence divergence = new Divergence(kl, kl / 10, kl / 2, kl * 9, kl * 20, agreement, 0.01, 512, 4, 2044);
        List<Question> questions = new ArrayList<>();
        int sum = 0;
        for (int i = 0; i < right.length; i++) {
            questions.add(new Question("q" + i, 1, right[i] ? 1 : 0, right[i] ? 1 : 0, List.of(-1.0, -2.0)));
            sum += right[i] ? 1 : 0;
        }
        Task task = new Task(
                (double) sum / right.length,
                0.1,
                null,
                null,
                null,
                null,
                against == null ? null : (double) against.changed() / right.length,
                against,
                null,
                right.length,
                0,
                false,
                null,
                questions);
        return new Metrics(null, Map.of("wiki", divergence), Map.of("piqa", task), null, null, null);
    }

    /** Two tasks by their accuracies and standard errors. */
    public static Metrics tasks(double first, double firstError, double second, double secondError) {
        return new Metrics(
                null,
                null,
                Map.of("arc_easy", task(first, firstError), "piqa", task(second, secondError)),
                null,
                null,
                null);
    }

    private static Task task(double acc, double error) {
        return new Task(acc, error, null, null, null, null, null, null, null, 100, 0, false, null, null);
    }

    public static Metrics speed(int promptTokens, Double... tokensPerSecond) {
        List<Double> samples = List.of(tokensPerSecond);
        return new Metrics(null, null, null, null, new Throughput(samples, samples, promptTokens, 16, 1, null), null);
    }

    /** One sample for each number of sequences, the fewest first. */
    public static Metrics speeds(Map<Integer, Double> byBatch) {
        List<Throughput> all = new TreeMap<>(byBatch)
                .entrySet().stream()
                        .map(each -> new Throughput(
                                List.of(each.getValue()), List.of(each.getValue()), 8, 16, each.getKey(), null))
                        .toList();
        Throughput first = all.getFirst();
        Throughput throughput = new Throughput(
                first.prefillTokensPerSecond(),
                first.decodeTokensPerSecond(),
                8,
                16,
                first.batch(),
                all.subList(1, all.size()));
        return new Metrics(null, null, null, null, throughput, null);
    }

    public static CellResult ok(String model, String method, int bits, @Nullable Integer group, Metrics metrics) {
        return ok(model, method, bits, group, null, metrics);
    }

    public static CellResult ok(
            String model,
            String method,
            int bits,
            @Nullable Integer group,
            @Nullable Map<String, Object> options,
            Metrics metrics) {
        return new CellResult(
                1,
                model + method + bits + group + options + metrics.hashCode(),
                "made-up",
                model,
                method,
                bits,
                group,
                null,
                null,
                options,
                CellResult.Status.OK,
                null,
                metrics,
                provenance());
    }

    public static CellResult failed(String model, String method, int bits, String error) {
        return new CellResult(
                1,
                model + method + bits,
                "made-up",
                model,
                method,
                bits,
                64,
                null,
                null,
                null,
                CellResult.Status.FAILED,
                error,
                Metrics.NONE,
                provenance());
    }
}
