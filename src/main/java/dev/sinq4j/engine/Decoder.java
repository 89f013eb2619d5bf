package dev.sinq4j.engine;

import dev.sinq4j.engine.Scratch.Slot;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.Attention.Latent;
import dev.sinq4j.model.architecture.FeedForward;
import dev.sinq4j.model.architecture.Layer;
import java.util.Arrays;

/** The forward pass of one layer, whatever the family: {@code x += attention(norm(x)); x += feedForward(norm(x))}. */
final class Decoder implements AutoCloseable {

    /** Positions whose logits are in memory at a time. */
    private static final int LOGIT_ROWS = 32;

    private final Backend backend;
    private final Architecture architecture;
    private final Scratch scratch;

    Decoder(Backend backend, Architecture architecture) {
        this.backend = backend;
        this.architecture = architecture;
        this.scratch = new Scratch(backend);
    }

    /** Whether a layer asks the backend for the same operations whatever the tokens are, and the host for nothing. */
    static boolean isRepeatable(Layer layer) {
        return switch (layer.feedForward()) {
            case FeedForward.Gated gated -> true;
            case FeedForward.Xielu xielu -> true;
            case FeedForward.Experts experts -> false; // the host chooses them
        };
    }

    /**
     * Takes a block's hidden state through a layer, in place.
     *
     * @param cache holds keys and values of all positions before the block; the block's own are added
     */
    void forward(LoadedLayer loaded, Block block, LayerCache cache, InputObserver observer) {
        Layer layer = loaded.layer();
        LayerStep step = new LayerStep(backend, architecture, scratch, loaded, observer);
        int hidden = architecture.hidden();
        int tokens = block.tokens();
        Activations normed = scratch.take(Slot.NORMED, tokens, hidden);
        Activations output = scratch.take(Slot.OUTPUT, tokens, hidden);

        step.norm(block.hidden(), tokens, hidden, layer.attentionNorm(), normed);
        switch (layer.attention()) {
            case GroupedQuery attention -> new GroupedQueryStep(step, attention).forward(normed, block, cache, output);
            case Latent attention -> new LatentStep(step, attention).forward(normed, block, cache, output);
        }
        layer.outputNorms().ifPresent(norms -> step.norm(output, tokens, hidden, norms.attention(), output));
        backend.add(block.hidden(), output, tokens * hidden);

        step.norm(block.hidden(), tokens, hidden, layer.feedForwardNorm(), normed);
        FeedForwardStep network = new FeedForwardStep(step);
        switch (layer.feedForward()) {
            case FeedForward.Gated gated -> network.gated(gated, normed, tokens, output);
            case FeedForward.Xielu xielu -> network.xielu(xielu, normed, tokens, output);
            case FeedForward.Experts experts -> new ExpertsStep(step, network).forward(experts, normed, tokens, output);
        }
        layer.outputNorms().ifPresent(norms -> step.norm(output, tokens, hidden, norms.feedForward(), output));
        backend.add(block.hidden(), output, tokens * hidden);
    }

    /** The last norm over some rows of a block. Result: (rows, hidden), valid until the next call. */
    Activations finalNorm(Loader.Ends ends, Block block, int firstRow, int rows) {
        int hidden = architecture.hidden();
        Activations normed = scratch.take(Slot.NORMED, rows, hidden);
        backend.copy(
                new Columns(block.hidden(), hidden, firstRow * hidden), new Columns(normed, hidden, 0), rows, hidden);
        backend.rmsNorm(normed, rows, hidden, ends.norm(), architecture.normEps(), normed);
        return normed;
    }

    /** Logits of some rows of a block. Result: (rows, vocabulary), valid until the next call. */
    Activations logits(Loader.Ends ends, Block block, int firstRow, int rows) {
        Activations normed = finalNorm(ends, block, firstRow, rows);
        Activations logits = scratch.take(Slot.LOGITS, rows, architecture.vocabulary());
        backend.linear(ends.head(), normed, rows, logits);
        return logits;
    }

    /**
     * Logits that the stored head makes of final hidden states from the host.
     *
     * @param hidden (any, hidden), after the last norm; rows {@code first} to {@code first + count} are used
     * @param logits (count, vocabulary), overwritten
     */
    void headLogits(Loader.Ends ends, float[] hidden, int first, int count, float[] logits) {
        int width = architecture.hidden();
        Activations normed = scratch.take(Slot.NORMED, count, width);
        backend.write(Arrays.copyOfRange(hidden, first * width, (first + count) * width), count * width, normed);
        Activations computed = scratch.take(Slot.LOGITS, count, architecture.vocabulary());
        backend.linear(ends.stored(), normed, count, computed);
        backend.read(computed, 0, count * architecture.vocabulary(), logits);
    }

    /** Hidden states after the last norm of a sequence's positions from {@code from} on: (positions, hidden). */
    float[] finalHidden(Loader.Ends ends, Sequence sequence, int from) {
        int width = architecture.hidden();
        int end = sequence.blocks().getLast().start()
                + sequence.blocks().getLast().tokens();
        float[] all = new float[Math.multiplyExact(end - from, width)];
        for (Block block : sequence.blocks()) {
            int row = Math.max(0, from - block.start());
            int rows = block.tokens() - row;
            if (rows <= 0) continue;
            float[] some = new float[rows * width];
            backend.read(finalNorm(ends, block, row, rows), 0, some.length, some);
            System.arraycopy(some, 0, all, (block.start() + row - from) * width, some.length);
        }
        return all;
    }

    /** Hands out the logits of a sequence's positions from {@code from} on. */
    void logits(Loader.Ends ends, Sequence sequence, int from, LogitsConsumer consumer) {
        int vocabulary = architecture.vocabulary();
        float[] values = new float[LOGIT_ROWS * vocabulary];
        for (Block block : sequence.blocks())
            for (int row = Math.max(0, from - block.start()); row < block.tokens(); row += LOGIT_ROWS) {
                int rows = Math.min(LOGIT_ROWS, block.tokens() - row);
                backend.read(logits(ends, block, row, rows), 0, rows * vocabulary, values);
                consumer.accept(block.start() + row, rows, values);
            }
    }

    /**
     * Losses of the tokens after a block's.
     *
     * @param window ids of the whole text
     * @param nll    (window.length - 1), by position; the block's are overwritten
     */
    void losses(Loader.Ends ends, Block block, int[] window, double[] nll) {
        int start = block.start();
        int tokens = block.tokens();
        int[] targets = Arrays.copyOfRange(window, start + 1, start + 1 + tokens);
        double[] losses = new double[tokens];
        backend.crossEntropy(ends.head(), finalNorm(ends, block, 0, tokens), tokens, targets, losses);
        System.arraycopy(losses, 0, nll, start, tokens);
    }

    /** Bytes of the buffers used so far. */
    long workspaceBytes() {
        return scratch.bytes();
    }

    @Override
    public void close() {
        scratch.close();
    }
}
