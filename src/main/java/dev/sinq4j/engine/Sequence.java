package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.Architecture;
import java.util.ArrayList;
import java.util.List;

/**
 * New tokens of one text, or of several that grow together, in blocks, on their way through the layers. Its buffers serve one
 * text after another.
 */
final class Sequence implements AutoCloseable {

    private final Backend backend;
    private final Architecture architecture;
    private final int texts;
    private final List<Block> buffers = new ArrayList<>();
    private List<Block> blocks = List.of();

    Sequence(Backend backend, Architecture architecture) {
        this(backend, architecture, 1);
    }

    /**
     * @param texts that grow together
     */
    Sequence(Backend backend, Architecture architecture, int texts) {
        this.backend = backend;
        this.architecture = architecture;
        this.texts = texts;
    }

    /**
     * Starts anew with embeddings.
     *
     * @param ids   (any, texts)
     * @param count how many positions of them
     * @param start the first position
     */
    void load(Loader.Ends ends, int[] ids, int count, int start) {
        checkIds(ids, count * texts);
        int most = Math.max(1, Block.MOST_TOKENS / texts);
        int needed = Math.ceilDiv(count, most);
        for (int i = 0; i < needed; i++) {
            int from = i * most;
            int positions = Math.min(most, count - from);
            buffer(i, positions).load(ends.embedding(), ids, from, positions, start + from, start + count);
        }
        blocks = List.copyOf(buffers.subList(0, needed));
    }

    private void checkIds(int[] ids, int count) {
        for (int i = 0; i < count; i++)
            if (ids[i] < 0 || ids[i] >= architecture.vocabulary())
                throw new IllegalArgumentException("token " + ids[i] + " at place " + i
                        + " is not in the model's vocabulary of " + architecture.vocabulary());
    }

    private Block buffer(int index, int positions) {
        if (index < buffers.size() && buffers.get(index).capacity() >= positions) return buffers.get(index);
        Block larger = new Block(backend, architecture, texts, positions);
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
