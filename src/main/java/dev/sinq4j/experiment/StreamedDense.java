package dev.sinq4j.experiment;

import dev.sinq4j.data.DocumentJoin;
import dev.sinq4j.data.TextProtocol;
import dev.sinq4j.data.Window;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.HeadWeight;
import dev.sinq4j.engine.LayerByLayer;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.engine.ModelBytes;
import dev.sinq4j.metric.DensePredictions;
import dev.sinq4j.metric.Perplexities;
import dev.sinq4j.metric.StreamedScorer;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.Metrics.Perplexity;
import java.util.List;
import java.util.Optional;

/**
 * Evaluates a model as it is stored that does not fit in memory: layer by layer, several windows at once. What is measured is
 * what the whole model in memory would give, only later.
 *
 * @param plan        of the windows
 * @param usableBytes of memory
 */
public record StreamedDense(ModelSource source, Backend backend, HostPlan plan, long usableBytes, Progress progress) {

    /** A figure, and what the weights that went by for it take. */
    public record Measured(Perplexity perplexity, ModelBytes bytes) {}

    /**
     * Perplexity of a text.
     *
     * @param tokens of the whole text
     */
    public Measured perplexity(
            String text, List<Window> windows, TextProtocol protocol, DocumentJoin join, long tokens) {
        int atOnce = atOnce(windows);
        try (Progress.Task layers = progress.begin(
                "perplexity of " + text + ", layer by layer, " + atOnce + " windows at once", steps(windows, atOnce))) {
            LayerByLayer model = model(layers);
            StreamedScorer scorer = new StreamedScorer(model, windows, atOnce);
            Perplexity perplexity = Perplexities.measure(scorer, windows, protocol, join, tokens, done -> {});
            return new Measured(perplexity, model.bytes());
        }
    }

    /** Predictions that quantized models are compared with. */
    DensePredictions predictions(OpenModel.Text text) {
        int atOnce = atOnce(text.windows());
        try (Progress.Task layers = progress.begin(
                "dense predictions on " + text.name() + ", layer by layer", steps(text.windows(), atOnce))) {
            return DensePredictions.of(model(layers), text.windows(), atOnce);
        }
    }

    /** Answers to the questions of tasks. */
    OpenTasks.Asked tasks() {
        return (task, done) -> {
            LayerByLayer model = new LayerByLayer(source, LinearWeights.STORED, head(), backend, () -> {});
            long each = LayerByLayer.bytesPerToken(source.architecture());
            HostNeeds one = HostPlan.ofWindow(task.longest()).layerByLayer(source.architecture(), 1);
            return task.ask(model, room(one) / each, done);
        };
    }

    /** Bytes left for hidden states, which lie on the heap; half of that is everything else's. */
    private long room(HostNeeds one) {
        return Math.clamp(usableBytes - one.bytes(), 0, Runtime.getRuntime().maxMemory() / 2);
    }

    private LayerByLayer model(Progress.Task layers) {
        return new LayerByLayer(source, LinearWeights.STORED, head(), backend, () -> layers.advance(1));
    }

    private Optional<HeadWeight> head() {
        return RoundedHead.of(plan.head(), backend);
    }

    /** Hidden states lie on the heap, of which half is left to everything else. */
    private int atOnce(List<Window> windows) {
        long heap = Runtime.getRuntime().maxMemory() / 2;
        long one = plan.layerByLayer(source.architecture(), 1).bytes();
        return plan.windowsAtOnce(source.architecture(), Math.min(usableBytes, one + heap), windows.size());
    }

    /** What evaluating so many windows takes. */
    HostNeeds needs(List<Window> windows) {
        return plan.layerByLayer(source.architecture(), atOnce(windows));
    }

    private long steps(List<Window> windows, int atOnce) {
        Architecture architecture = source.architecture();
        return (long) StreamedScorer.passes(windows.size(), atOnce)
                * architecture.layers().size();
    }
}
