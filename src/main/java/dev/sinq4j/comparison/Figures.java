package dev.sinq4j.comparison;

import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.Metrics.Divergence;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.results.Metrics.Quantization;
import dev.sinq4j.results.Metrics.Question;
import dev.sinq4j.results.Metrics.Task;
import dev.sinq4j.results.Metrics.Throughput;
import dev.sinq4j.statistics.Proportion;
import dev.sinq4j.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All figures of a cell, in a fixed order. */
final class Figures {

    private final List<Figure> figures = new ArrayList<>();

    private Figures() {}

    static List<Figure> of(Metrics metrics) {
        Figures all = new Figures();
        sorted(metrics.perplexity()).forEach(all::perplexity);
        sorted(metrics.divergence()).forEach(all::divergence);
        sorted(metrics.tasks()).forEach(all::task);
        all.memory(metrics.memory());
        all.quantization(metrics.quantization());
        all.throughput(metrics.throughput());
        return all.figures;
    }

    private static <T> Map<String, T> sorted(@Nullable Map<String, T> byDataset) {
        return byDataset == null ? Map.of() : new TreeMap<>(byDataset);
    }

    private void perplexity(String dataset, Perplexity perplexity) {
        Map<String, String> protocol = new LinkedHashMap<>();
        protocol.put("window", String.valueOf(perplexity.window()));
        protocol.put("stride", String.valueOf(perplexity.stride()));
        protocol.put("windows", String.valueOf(perplexity.windows()));
        protocol.put("bos", perplexity.bos());
        protocol.put("tail", perplexity.tail());
        protocol.put("join", perplexity.join());
        protocol.put("tokens", String.valueOf(perplexity.tokens()));
        protocol.put("scored tokens", String.valueOf(perplexity.scored()));
        figures.add(new Figure(
                Metric.PERPLEXITY, dataset, perplexity.value(), perplexity.windowNll(), perplexity.stderr(), protocol));
    }

    private void divergence(String dataset, Divergence divergence) {
        Map<String, String> protocol = new LinkedHashMap<>();
        protocol.put("window", String.valueOf(divergence.window()));
        protocol.put("windows", String.valueOf(divergence.windows()));
        protocol.put("positions", String.valueOf(divergence.positions()));
        figures.add(
                new Figure(Metric.KL_MEAN, dataset, divergence.klMean(), List.of(), divergence.klStderr(), protocol));
        figures.add(new Figure(
                Metric.TOP1_AGREEMENT,
                dataset,
                divergence.top1Agreement(),
                List.of(),
                Proportion.standardError(divergence.top1Agreement(), divergence.positions()),
                protocol));
    }

    private void task(String name, Task task) {
        Map<String, String> protocol = new LinkedHashMap<>();
        protocol.put("questions", String.valueOf(task.n()));
        protocol.put("shots", String.valueOf(task.shots()));
        protocol.put("bos", String.valueOf(task.bos()));
        List<Question> questions = task.questions() == null ? List.of() : task.questions();
        if (!questions.isEmpty())
            protocol.put("ids", questions.stream().map(Question::id).collect(Collectors.joining(" ")));
        figures.add(new Figure(
                Metric.ACC,
                name,
                task.acc(),
                right(questions, question -> question.predicted() == question.answer()),
                task.accStderr(),
                protocol));
        if (task.accNorm() != null)
            figures.add(new Figure(
                    Metric.ACC_NORM,
                    name,
                    task.accNorm(),
                    right(questions, question -> question.predictedNorm() == question.answer()),
                    task.accNormStderr(),
                    protocol));
        if (task.perplexity() != null)
            figures.add(new Figure(
                    Metric.TASK_PERPLEXITY, name, task.perplexity(), List.of(), task.perplexityStderr(), protocol));
        if (task.flips() != null)
            figures.add(new Figure(
                    Metric.FLIPS,
                    name,
                    task.flips(),
                    List.of(),
                    Proportion.standardError(task.flips(), task.n()),
                    protocol));
    }

    private static List<Double> right(List<Question> questions, Predicate<Question> isRight) {
        return questions.stream()
                .map(question -> isRight.test(question) ? 1.0 : 0.0)
                .toList();
    }

    private void memory(@Nullable Memory memory) {
        if (memory != null) plain(Metric.BITS_PER_WEIGHT, memory.bitsPerWeight());
    }

    private void quantization(@Nullable Quantization quantization) {
        if (quantization != null && quantization.relativeWeightError() != null)
            plain(Metric.WEIGHT_ERROR, quantization.relativeWeightError());
    }

    private void plain(Metric metric, double value) {
        figures.add(new Figure(metric, "", value, List.of(), null, Map.of()));
    }

    private void throughput(@Nullable Throughput throughput) {
        if (throughput != null) throughput.everyBatch().forEach(this::speeds);
    }

    private void speeds(Throughput throughput) {
        String batch = throughput.batch() == 1 ? "" : "batch " + throughput.batch();
        Map<String, String> protocol = new LinkedHashMap<>();
        protocol.put("prompt tokens", String.valueOf(throughput.promptTokens()));
        protocol.put("generated tokens", String.valueOf(throughput.generateTokens()));
        protocol.put("batch", String.valueOf(throughput.batch()));
        speed(Metric.PREFILL_SPEED, batch, throughput.prefillTokensPerSecond(), protocol);
        speed(Metric.DECODE_SPEED, batch, throughput.decodeTokensPerSecond(), protocol);
    }

    private void speed(Metric metric, String batch, List<Double> samples, Map<String, String> protocol) {
        if (samples.isEmpty()) return;
        Sample sample = Sample.of(samples);
        Double error = samples.size() < 2 ? null : sample.standardError();
        figures.add(new Figure(metric, batch, sample.median(), List.of(), error, protocol));
    }
}
