package dev.sinq4j.engine;

import dev.sinq4j.engine.Scratch.Slot;
import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.model.architecture.Attention.Latent;
import dev.sinq4j.model.architecture.Attention.LatentQuery.Direct;
import dev.sinq4j.model.architecture.Attention.LatentQuery.LowRank;
import dev.sinq4j.model.architecture.Attention.RopeKind;
import java.util.List;

/**
 * Multi-head latent attention, keys and values expanded.
 *
 * <pre>
 *   c, r = split(kv_a x)       k, v = split(kv_b norm(c))       q = q x  or  q_b norm(q_a x)
 * </pre>
 *
 * Heads are stored (not rotated, rotated) with the rotated pairs side by side; here they become (rotated, not rotated) with
 * the pairs in halves, in queries and keys alike, which leaves their products as they are.
 */
record LatentStep(LayerStep step, Latent attention) {

    /**
     * @param x      (tokens, hidden)
     * @param output (tokens, hidden), overwritten
     */
    void forward(Activations x, Block block, LayerCache cache, Activations output) {
        Backend backend = step.backend();
        int tokens = block.tokens();
        int positions = block.positions();
        int heads = attention.heads();
        int allHeads = block.texts() * heads;
        int keyDim = attention.keyDim();
        int valueDim = attention.valueDim();
        Activations q = queries(x, block);
        Activations k = step.take(Slot.K, tokens, heads * keyDim);
        Activations v = step.take(Slot.V, tokens, heads * valueDim);
        keysAndValues(x, block, k, v);
        backend.store(k, positions, allHeads, keyDim, cache.keys(), cache.capacity(), block.place());
        backend.store(v, positions, allHeads, valueDim, cache.values(), cache.capacity(), block.place());
        Activations attended = step.take(Slot.ATTENDED, tokens, heads * valueDim);
        AttentionShape shape =
                new AttentionShape(allHeads, allHeads, keyDim, valueDim, cache.capacity(), attention.window(), (float)
                        (1 / Math.sqrt(keyDim)));
        backend.attention(shape, q, cache.keys(), cache.values(), block.place(), positions, attended);
        step.show(List.of(attention.output()), attended, tokens);
        step.linear(attention.output(), attended, tokens, output);
    }

    /** (tokens, heads, ropeDim + nopeDim), rotated. */
    private Activations queries(Activations x, Block block) {
        int rows = block.tokens() * attention.heads();
        int keyDim = attention.keyDim();
        Activations stored = step.take(Slot.PROJECTED, rows, keyDim);
        projectQueries(x, block.tokens(), stored);
        Activations q = step.take(Slot.Q, rows, keyDim);
        reorder(stored, q, rows);
        block.rotation(RopeKind.GLOBAL).apply(q, block.positions(), block.texts() * attention.heads(), keyDim);
        return q;
    }

    private void projectQueries(Activations x, int tokens, Activations out) {
        switch (attention.query()) {
            case Direct direct -> {
                step.show(List.of(direct.q(), attention.kvA()), x, tokens);
                step.linear(direct.q(), x, tokens, out);
            }
            case LowRank lowRank -> {
                step.show(List.of(lowRank.qA(), attention.kvA()), x, tokens);
                int rank = lowRank.qA().rows();
                Activations narrow = step.take(Slot.NARROW, tokens, rank);
                step.linear(lowRank.qA(), x, tokens, narrow);
                step.norm(narrow, tokens, rank, lowRank.norm(), attention.rankNormEps(), narrow);
                step.show(List.of(lowRank.qB()), narrow, tokens);
                step.linear(lowRank.qB(), narrow, tokens, out);
            }
        }
    }

    private void reorder(Activations stored, Activations q, int rows) {
        int keyDim = attention.keyDim();
        int ropeDim = attention.ropeDim();
        Backend backend = step.backend();
        backend.copyPairsToHalves(
                new Columns(stored, keyDim, attention.nopeDim()), new Columns(q, keyDim, 0), rows, ropeDim);
        backend.copy(new Columns(stored, keyDim, 0), new Columns(q, keyDim, ropeDim), rows, attention.nopeDim());
    }

    private void keysAndValues(Activations x, Block block, Activations k, Activations v) {
        Backend backend = step.backend();
        int tokens = block.tokens();
        int rank = attention.kvRank();
        int ropeDim = attention.ropeDim();
        int wide = rank + ropeDim;
        Activations both = step.take(Slot.PROJECTED, tokens, wide);
        step.linear(attention.kvA(), x, tokens, both);
        Activations narrow = step.take(Slot.NARROW, tokens, rank);
        backend.copy(new Columns(both, wide, 0), new Columns(narrow, rank, 0), tokens, rank);
        Activations shared = step.take(Slot.SHARED_KEY, tokens, ropeDim);
        backend.copyPairsToHalves(new Columns(both, wide, rank), new Columns(shared, ropeDim, 0), tokens, ropeDim);
        block.rotation(RopeKind.GLOBAL).apply(shared, block.positions(), block.texts(), ropeDim);
        step.norm(narrow, tokens, rank, attention.kvNorm(), attention.rankNormEps(), narrow);
        expand(narrow, shared, tokens, k, v);
    }

    private void expand(Activations narrow, Activations shared, int tokens, Activations k, Activations v) {
        Backend backend = step.backend();
        int heads = attention.heads();
        int nopeDim = attention.nopeDim();
        int ropeDim = attention.ropeDim();
        int keyDim = attention.keyDim();
        int valueDim = attention.valueDim();
        int wide = nopeDim + valueDim;
        Activations expanded = step.take(Slot.PROJECTED, tokens, heads * wide);
        step.show(List.of(attention.kvB()), narrow, tokens);
        step.linear(attention.kvB(), narrow, tokens, expanded);
        backend.copy(new Columns(expanded, wide, 0), new Columns(k, keyDim, ropeDim), tokens * heads, nopeDim);
        backend.copy(new Columns(expanded, wide, nopeDim), new Columns(v, valueDim, 0), tokens * heads, valueDim);
        for (int head = 0; head < heads; head++)
            backend.copy(
                    new Columns(shared, ropeDim, 0), new Columns(k, heads * keyDim, head * keyDim), tokens, ropeDim);
    }
}
