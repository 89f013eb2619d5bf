package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.Architecture;
import java.util.ArrayList;
import java.util.List;

/** New tokens of one text, in blocks, on their way through the layers. Its buffers serve one text after another. */
final class Sequence implements AutoCloseable {

    private final Backend backend;
    private final Architecture architecture;
    private final List<Block> buffers = new ArrayList<>();
    private List<Block> blocks = List.of();

    Sequence(Backend backend, Architecture architecture) {
        this.backend = backend;
        this.architecture = architecture;
    }

    /**
     * Starts anew with the embeddings of the first {@code count} ids.
     *
     * @param start position of the first
     */
    void load(Loader.Ends ends, int[] ids, int count, int start) {
        checkIds(ids, count);
        int needed = Math.ceilDiv(count, Block.MOST_TOKENS);
        for (int i = 0; i < needed; i++) {
            int from = i * Block.MOST_TOKENS;
            int tokens = Math.min(Block.MOST_TOKENS, count - from);
            buffer(i, tokens).load(ends.embedding(), ids, from, tokens, start + from, start + count);
        }
        blocks = List.copyOf(buffers.subList(0, needed));
    }

    private void checkIds(int[] ids, int count) {
        for (int i = 0; i < count; i++)
            if (ids[i] < 0 || ids[i] >= architecture.vocabulary())
                throw new IllegalArgumentException("token " + ids[i] + " at place " + i
                        + " is not in the model's vocabulary of " + architecture.vocabulary());
    }

    private Block buffer(int index, int tokens) {
        if (index < buffers.size() && buffers.get(index).capacity() >= tokens) return buffers.get(index);
        Block larger = new Block(backend, architecture, tokens);
        if (index < buffers.size()) buffers.set(index, larger).close();
        else buffers.add(larger);
        return larger;
    }

    /** In order of their positions; none is empty. */
    List<Block> blocks() {
        return blocks;
    }

    @Override
    public void close() {
        buffers.forEach(Block::close);
    }
}
