package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.PANEL;

import dev.sinq4j.kernel.Workers;
import java.util.Arrays;

/**
 * Cross entropy without storing logits. The vocabulary is cut into fixed chunks of panels; a unit is one chunk and one
 * batch of tokens, and leaves each token's largest logit and sum of exponentials, both double. The chunks are merged in
 * order, so the result does not depend on who computed them.
 */
final class StreamedLoss {

    /** Panels of one chunk: 1024 words of the vocabulary. */
    private static final int CHUNK = 16;

    private final Workers workers;
    private final Scratch[] scratch;
    private double[] max = new double[0]; // (chunks, tokens)
    private double[] sum = new double[0]; // (chunks, tokens)

    StreamedLoss(Workers workers, Scratch[] scratch) {
        this.workers = workers;
        this.scratch = scratch;
    }

    void run(VectorWeight head, PackedInput hidden, int tokens, int[] targets, double[] nll) {
        int chunks = Math.ceilDiv(head.panels(), CHUNK);
        int batch = PanelProduct.batch(chunks, tokens, workers.threads());
        int batches = Math.ceilDiv(tokens, batch);
        if (max.length < chunks * tokens) {
            max = new double[chunks * tokens];
            sum = new double[chunks * tokens];
        }
        workers.run(chunks * batches, (unit, worker) -> {
            int first = unit % batches * batch;
            int count = Math.min(batch, tokens - first);
            chunk(head, hidden, unit / batches, first, count, tokens, targets, nll, scratch[worker]);
        });
        for (int t = 0; t < tokens; t++) nll[t] = merged(t, chunks, tokens) - nll[t];
    }

    /** Leaves the target's logit in {@code nll}. */
    private void chunk(
            VectorWeight head,
            PackedInput hidden,
            int chunk,
            int first,
            int count,
            int tokens,
            int[] targets,
            double[] nll,
            Scratch own) {
        int at = chunk * tokens + first;
        Arrays.fill(max, at, at + count, Double.NEGATIVE_INFINITY);
        Arrays.fill(sum, at, at + count, 0);
        for (int panel = chunk * CHUNK; panel < Math.min(head.panels(), (chunk + 1) * CHUNK); panel++) {
            PanelProduct.multiply(head, panel, hidden, first, count, own);
            int firstRow = head.firstRow(panel);
            int rows = head.rowsOf(panel);
            for (int t = 0; t < count; t++) {
                int target = targets[first + t] - firstRow;
                if (target >= 0 && target < rows) nll[first + t] = own.tile[t * PANEL + target];
                if (rows < PANEL) Arrays.fill(own.tile, t * PANEL + rows, (t + 1) * PANEL, Float.NEGATIVE_INFINITY);
                accumulate(own.tile, t * PANEL, at + t);
            }
        }
    }

    private void accumulate(float[] tile, int at, int slot) {
        double highest = Math.max(max[slot], Largest.scaled(tile, at, PANEL, 1));
        double shifted = Exponential.shifted(tile, at, PANEL, (float) highest);
        sum[slot] = sum[slot] * Math.exp(max[slot] - highest) + shifted;
        max[slot] = highest;
    }

    private double merged(int token, int chunks, int tokens) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < chunks; c++) highest = Math.max(highest, max[c * tokens + token]);
        double total = 0;
        for (int c = 0; c < chunks; c++) total += sum[c * tokens + token] * Math.exp(max[c * tokens + token] - highest);
        return highest + Math.log(total);
    }
}
