package dev.sinq4j.engine;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Buffers for what a layer computes on its way, reused by every layer; each grows to the largest size asked for. */
final class Scratch implements AutoCloseable {

    /** What a buffer holds. */
    enum Slot {
        /** (tokens, hidden), after a norm. */
        NORMED,
        /** (tokens, q rows + k rows + v rows), or another projection before it is split. */
        PROJECTED,
        Q,
        K,
        V,
        /** (tokens, heads, valueDim). */
        ATTENDED,
        /** (tokens, hidden), what is added to the residual stream. */
        OUTPUT,
        /** (tokens, rank), latent attention's narrow vectors. */
        NARROW,
        /** (tokens, ropeDim), latent attention's shared key. */
        SHARED_KEY,
        GATE,
        UP,
        /** (tokens, experts). */
        ROUTER,
        /** (tokens of one expert, hidden). */
        EXPERT_INPUT,
        /** (tokens of one expert, hidden). */
        EXPERT_OUTPUT,
        LOGITS
    }

    private final Backend backend;
    private final Map<Slot, Activations> buffers = new EnumMap<>(Slot.class);

    Scratch(Backend backend) {
        this.backend = backend;
    }

    /** A buffer of at least {@code rows * width} numbers; what was in it is gone. */
    Activations take(Slot slot, int rows, int width) {
        int numbers = Math.multiplyExact(rows, width);
        @Nullable Activations buffer = buffers.get(slot);
        if (buffer != null && buffer.size() >= numbers) return buffer;
        if (buffer != null) buffer.close();
        Activations larger = backend.allocate(numbers);
        buffers.put(slot, larger);
        return larger;
    }

    /** Bytes of all buffers. */
    long bytes() {
        return buffers.values().stream().mapToLong(buffer -> 4L * buffer.size()).sum();
    }

    @Override
    public void close() {
        buffers.values().forEach(Activations::close);
        buffers.clear();
    }
}
