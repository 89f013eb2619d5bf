package dev.sinq4j.metric;

import dev.sinq4j.data.Window;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LayerByLayer;
import dev.sinq4j.results.Metrics.Divergence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What the dense model predicts on some windows, kept as final hidden states: {@code positions x hidden} numbers instead of
 * {@code positions x vocabulary}. The head is never quantized, so that any model of the same cell family makes the dense logits
 * from them again, block by block, while its own are handed out.
 *
 * <p>As llama-perplexity has it, the second half of each window counts: positions {@code window / 2} to {@code window - 2}.
 *
 * @param windows of equal length
 * @param hidden  one array a window, (window - window / 2, hidden)
 */
public record DensePredictions(List<Window> windows, List<float[]> hidden) {

    public DensePredictions {
        windows = List.copyOf(windows);
        hidden = List.copyOf(hidden);
    }

    /**
     * Runs the dense model.
     *
     * @param windows  at least one, of equal length
     * @param finished called with the number of windows done, after each
     */
    public static DensePredictions of(LanguageModel dense, List<Window> windows, IntConsumer finished) {
        List<float[]> hidden = new ArrayList<>(windows.size());
        for (Window window : windows) {
            hidden.add(dense.finalHidden(window.ids(), first(window)));
            finished.accept(hidden.size());
        }
        return new DensePredictions(windows, hidden);
    }

    /**
     * Runs a dense model that does not fit in memory, layer by layer.
     *
     * @param windows at least one, of equal length
     * @param atOnce  windows whose hidden states are kept together, at least 1
     */
    public static DensePredictions of(LayerByLayer dense, List<Window> windows, int atOnce) {
        List<float[]> hidden = new ArrayList<>(windows.size());
        for (int next = 0; next < windows.size(); next += atOnce) {
            List<Window> batch = windows.subList(next, Math.min(next + atOnce, windows.size()));
            hidden.addAll(dense.finalHidden(batch.stream().map(Window::ids).toList(), first(batch.getFirst())));
        }
        return new DensePredictions(windows, hidden);
    }

    /**
     * How far a model's predictions are from these.
     *
     * @param model    with the dense model's head
     * @param finished called with the number of windows done, after each
     */
    public Divergence divergence(LanguageModel model, IntConsumer finished) {
        Divergences divergences = new Divergences();
        for (int i = 0; i < windows.size(); i++) {
            add(model, windows.get(i), hidden.get(i), divergences);
            finished.accept(i + 1);
        }
        return divergences.summary(windows.getFirst().ids().length, windows.size());
    }

    private static void add(LanguageModel model, Window window, float[] dense, Divergences divergences) {
        int[] ids = window.ids();
        int first = first(window);
        int vocabulary = model.architecture().vocabulary();
        model.logits(ids, first, (position, count, logits) -> {
            int scored = Math.min(count, ids.length - 1 - position); // nothing follows the last token
            if (scored < 1) return;
            float[] base = new float[scored * vocabulary];
            model.headLogits(dense, position - first, scored, base);
            int[] targets = Arrays.copyOfRange(ids, position + 1, position + 1 + scored);
            divergences.add(base, logits, scored, vocabulary, targets);
        });
    }

    private static int first(Window window) {
        return window.ids().length / 2;
    }
}
