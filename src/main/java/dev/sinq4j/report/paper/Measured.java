package dev.sinq4j.report.paper;

import dev.sinq4j.paper.Measure;
import dev.sinq4j.paper.PaperNumber.Conditions;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.PerplexityProtocol;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.results.Metrics.Quantization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A figure of ours that a paper's number can be held against.
 *
 * @param value       in the unit of the measure
 * @param stderr      its standard error; absent for what is counted or timed once
 * @param differences what was otherwise than in the paper, in words
 */
record Measured(CellResult cell, double value, @Nullable Double stderr, List<String> differences) {

    /** The option of a cell whose model was changed before the method. */
    private static final String PRESINQ = "presinq";

    /** The option of a cell whose head was quantized too, which no row of a paper is. */
    private static final String HEAD = "head-bits";

    Measured {
        differences = List.copyOf(differences);
    }

    /** Whether a cell did to the model what the paper's row did. */
    static boolean isMethod(CellResult cell, String method, int bits, boolean presinq) {
        Set<String> options = cell.options() == null ? Set.of() : cell.options().keySet();
        return cell.method().equals(method)
                && cell.bits() == bits
                && options.contains(PRESINQ) == presinq
                && !options.contains(HEAD);
    }

    /** What a cell says of a measure; empty if it was not measured. */
    static Optional<Measured> of(CellResult cell, Measure measure, Conditions paper, Cells cells) {
        String subject = measure.subject() == null ? "" : measure.subject();
        return switch (measure.kind()) {
            case PERPLEXITY -> perplexity(cell, subject, paper);
            case MEMORY_GB -> memory(cell, paper);
            case QUANTIZATION_SECONDS -> seconds(cell, paper);
            case FLIPS_PERCENT ->
                Answers.flips(cell, subject, cells).map(answers -> answers(cell, measure, paper, answers));
            case ACCURACY_PERCENT ->
                Answers.right(cell, subject).map(answers -> answers(cell, measure, paper, answers));
        };
    }

    private static Optional<Measured> perplexity(CellResult cell, String text, Conditions paper) {
        for (PerplexityProtocol protocol : PerplexityProtocol.all(List.of(cell))) {
            Perplexity found = protocol.in(cell);
            if (!protocol.dataset().equals(text) || found == null) continue;
            List<String> differences = settings(cell, paper);
            if (paper.window() != null && found.window() != paper.window())
                differences.add("windows of " + found.window() + " tokens, not " + paper.window());
            if (found.stride() != found.window()) differences.add("windows overlap");
            if (protocol.firstWindows() != null) differences.add("the first " + found.windows() + " windows, not all");
            return Optional.of(new Measured(cell, found.value(), found.stderr(), differences));
        }
        return Optional.empty();
    }

    private static Optional<Measured> memory(CellResult cell, Conditions paper) {
        Memory memory = cell.metrics().memory();
        if (memory == null) return Optional.empty();
        List<String> differences = settings(cell, paper);
        Long peak = memory.peakDeviceBytes();
        if (peak == null) differences.add("bytes of the weights, no peak of a device with its activations");
        return Optional.of(new Measured(cell, (peak == null ? memory.weightBytes() : peak) / 1e9, null, differences));
    }

    private static Optional<Measured> seconds(CellResult cell, Conditions paper) {
        Quantization quantization = cell.metrics().quantization();
        if (quantization == null || Cells.isDense(cell)) return Optional.empty();
        List<String> differences = settings(cell, paper);
        differences.add("another device: " + cell.provenance().backend() + ", "
                + cell.provenance().threads() + (cell.provenance().threads() == 1 ? " thread" : " threads"));
        return Optional.of(new Measured(cell, quantization.seconds(), null, differences));
    }

    private static Measured answers(CellResult cell, Measure measure, Conditions paper, double[] answers) {
        List<String> differences = settings(cell, paper);
        Integer questions = measure.questions();
        if (questions != null && questions != answers.length)
            differences.add(answers.length + " questions, not " + questions);
        return new Measured(cell, Answers.mean(answers), Answers.stderr(answers), differences);
    }

    static List<String> settings(CellResult cell, Conditions paper) {
        List<String> differences = new ArrayList<>();
        if (paper.tool() != null) differences.add("measured by " + paper.tool() + " in the paper");
        if (Cells.isDense(cell)) return differences;
        add(differences, "group", cell.group(), paper.group());
        add(differences, "tiling", cell.tiling(), paper.tiling());
        add(differences, "aux", cell.aux(), paper.aux());
        return differences;
    }

    private static void add(List<String> differences, String name, @Nullable Object ours, @Nullable Object theirs) {
        if (ours != null && theirs != null && !ours.equals(theirs))
            differences.add(name + " " + ours + ", not " + theirs);
    }
}
