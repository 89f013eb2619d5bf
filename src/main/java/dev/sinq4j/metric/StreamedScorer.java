package dev.sinq4j.metric;

import dev.sinq4j.data.Window;
import dev.sinq4j.engine.LayerByLayer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * Scores windows with a model that does not fit in memory: its weights are read once for several windows. Windows have to be
 * asked for in the order given.
 */
public final class StreamedScorer implements TokenScorer {

    private final LayerByLayer model;
    private final List<Window> windows;
    private final int atOnce;
    private final Queue<double[]> ready = new ArrayDeque<>();
    private int next;

    /** @param atOnce windows whose hidden states are kept together, at least 1 */
    public StreamedScorer(LayerByLayer model, List<Window> windows, int atOnce) {
        this.model = model;
        this.windows = List.copyOf(windows);
        this.atOnce = atOnce;
    }

    /** How often all layers are read for so many windows. */
    public static int passes(int windows, int atOnce) {
        return Math.ceilDiv(windows, atOnce);
    }

    @Override
    public double[] nll(int[] ids) {
        if (ready.isEmpty()) {
            List<int[]> batch = windows.subList(next, Math.min(next + atOnce, windows.size())).stream()
                    .map(Window::ids)
                    .toList();
            if (batch.isEmpty() || !Arrays.equals(batch.getFirst(), ids))
                throw new IllegalArgumentException("windows have to be asked for in their order");
            ready.addAll(model.nll(batch));
            next += batch.size();
        }
        return ready.remove();
    }
}
