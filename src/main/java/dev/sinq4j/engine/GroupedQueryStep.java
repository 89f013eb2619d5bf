package dev.sinq4j.engine;

import dev.sinq4j.engine.Scratch.Slot;
import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.Attention.QueryKeyValue.Fused;
import dev.sinq4j.model.architecture.Attention.QueryKeyValue.Separate;
import java.util.List;

/** {@code o attention(rope(norm(q x)), rope(norm(k x)), v x)}. */
record GroupedQueryStep(LayerStep step, GroupedQuery attention) {

    /**
     * @param x      (tokens, hidden)
     * @param output (tokens, hidden), overwritten
     */
    void forward(Activations x, Block block, LayerCache cache, Activations output) {
        Backend backend = step.backend();
        int tokens = block.tokens();
        int positions = block.positions();
        int heads = attention.heads();
        int kvHeads = attention.kvHeads();
        int allHeads = block.texts() * heads;
        int allKvHeads = block.texts() * kvHeads;
        int dim = attention.headDim();
        Activations q = step.take(Slot.Q, tokens, heads * dim);
        Activations k = step.take(Slot.K, tokens, kvHeads * dim);
        Activations v = step.take(Slot.V, tokens, kvHeads * dim);
        project(x, tokens, q, k, v);
        attention.norm().ifPresent(norm -> {
            step.norm(q, tokens * heads, dim, norm.query(), q);
            step.norm(k, tokens * kvHeads, dim, norm.key(), k);
        });
        Rotation rotation = block.rotation(attention.rope());
        rotation.apply(q, positions, allHeads, dim);
        rotation.apply(k, positions, allKvHeads, dim);
        backend.store(k, positions, allKvHeads, dim, cache.keys(), cache.capacity(), block.place());
        backend.store(v, positions, allKvHeads, dim, cache.values(), cache.capacity(), block.place());
        Activations attended = step.take(Slot.ATTENDED, tokens, heads * dim);
        AttentionShape shape = new AttentionShape(
                allHeads, allKvHeads, dim, dim, cache.capacity(), attention.window(), attention.scale());
        backend.attention(shape, q, cache.keys(), cache.values(), block.place(), positions, attended);
        step.show(List.of(attention.output()), attended, tokens);
        step.linear(attention.output(), attended, tokens, output);
    }

    private void project(Activations x, int tokens, Activations q, Activations k, Activations v) {
        step.show(attention.projections().linears(), x, tokens);
        switch (attention.projections()) {
            case Separate separate ->
                step.linears(List.of(separate.q(), separate.k(), separate.v()), x, tokens, List.of(q, k, v));
            case Fused fused -> {
                int rows = fused.qkv().rows();
                int queries = attention.heads() * attention.headDim();
                int keys = attention.kvHeads() * attention.headDim();
                Activations all = step.take(Slot.PROJECTED, tokens, rows);
                step.linear(fused.qkv(), x, tokens, all);
                Backend backend = step.backend();
                backend.copy(new Columns(all, rows, 0), new Columns(q, queries, 0), tokens, queries);
                backend.copy(new Columns(all, rows, queries), new Columns(k, keys, 0), tokens, keys);
                backend.copy(new Columns(all, rows, queries + keys), new Columns(v, keys, 0), tokens, keys);
            }
        }
    }
}
