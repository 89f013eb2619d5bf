package dev.sinq4j.comparison;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.results.Metrics.Question;
import dev.sinq4j.results.Metrics.Task;
import dev.sinq4j.results.Metrics.Throughput;
import dev.sinq4j.results.Provenance;
import dev.sinq4j.results.StoredResults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Results of runs made up for tests: a cell of RTN at 4 bits on a text called stories. */
final class Runs {

    static final double[] LOSSES = {1.0, 1.2, 1.1, 1.3};

    private Runs() {}

    static StoredResults of(CellResult... cells) {
        return new StoredResults(List.of(cells), List.of());
    }

    static CellResult cell(double... losses) {
        return cell(64, metrics(512, losses), provenance("aa", 42));
    }

    static CellResult cell(int group, Metrics metrics, Provenance provenance) {
        return new CellResult(
                1, "h", "e", "tiny", "rtn", 4, group, "1d", "fp16", null, Status.OK, null, metrics, provenance);
    }

    static CellResult failed(String error) {
        return new CellResult(
                1,
                "h",
                "e",
                "tiny",
                "rtn",
                4,
                64,
                "1d",
                "fp16",
                null,
                Status.FAILED,
                error,
                Metrics.NONE,
                provenance("aa", 42));
    }

    static Metrics metrics(int window, double... losses) {
        return new Metrics(Map.of("stories", perplexity(window, losses)), null, null, null, null, null);
    }

    /** A cell that answers questions, 1 right and 0 wrong. */
    static CellResult answering(double flips, int... right) {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < right.length; i++)
            questions.add(new Question(String.valueOf(i), 1, right[i], right[i], List.of()));
        Task task = new Task(
                Arrays.stream(right).average().orElseThrow(),
                0.1,
                null,
                null,
                null,
                null,
                flips,
                null,
                null,
                right.length,
                0,
                false,
                null,
                questions);
        return cell(64, new Metrics(null, null, Map.of("piqa", task), null, null, null), provenance("aa", 42));
    }

    /** One speed for each number of sequences. */
    static Metrics withSpeeds(int... batches) {
        List<Throughput> all = Arrays.stream(batches)
                .mapToObj(batch -> new Throughput(List.of(10.0), List.of(10.0), 512, 128, batch, null))
                .toList();
        return new Metrics(
                Map.of("stories", perplexity(512, LOSSES)),
                null,
                null,
                null,
                new Throughput(List.of(10.0), List.of(10.0), 512, 128, batches[0], all.subList(1, all.size())),
                null);
    }

    static Metrics withSpeed(double... tokensPerSecond) {
        List<Double> samples = boxed(tokensPerSecond);
        return new Metrics(
                Map.of("stories", perplexity(512, LOSSES)),
                null,
                null,
                null,
                new Throughput(samples, samples, 512, 128, 1, null),
                null);
    }

    private static Perplexity perplexity(int window, double... losses) {
        double value = Math.exp(Arrays.stream(losses).sum() / losses.length);
        return new Perplexity(
                value,
                null,
                window,
                window,
                losses.length,
                9000,
                (window - 1L) * losses.length,
                "none",
                "dropped",
                "",
                boxed(losses));
    }

    static Provenance provenance(String textSha256, long seed) {
        return new Provenance(
                "2026-11-24T12:00:00Z",
                1,
                "0.1.0",
                "c0ffee",
                "bbbc657",
                "cpu",
                "vector-512",
                "a processor",
                "host",
                "Linux",
                "25.0.3",
                2,
                seed,
                "cc",
                Map.of("model.safetensors", "ab"),
                Map.of("stories", textSha256),
                null);
    }

    /** Every loss larger by the same amount. */
    static double[] shifted(double by) {
        return Arrays.stream(LOSSES).map(loss -> loss + by).toArray();
    }

    private static List<Double> boxed(double... values) {
        List<Double> list = new ArrayList<>();
        for (double value : values) list.add(value);
        return list;
    }
}
