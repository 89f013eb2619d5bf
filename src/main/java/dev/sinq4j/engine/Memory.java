package dev.sinq4j.engine;

import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Arenas and device buffers with one end of life, and what was counted in them. */
final class Memory implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final List<Memory> adopted = new ArrayList<>();
    private final List<Activations> buffers = new ArrayList<>();
    private final List<Tensor> mapped = new ArrayList<>();
    private ModelBytes bytes = ModelBytes.NONE;

    /** Owner of host memory that lives as long as this. */
    Arena arena() {
        return arena;
    }

    /** What another owns shall live as long as this. */
    void adopt(Memory other) {
        adopted.add(other);
    }

    /** A tensor that is read where it lies shall give its pages back when this ends. */
    void releaseAtEnd(Tensor tensor) {
        mapped.add(tensor);
    }

    Activations keep(Activations buffer) {
        buffers.add(buffer);
        return buffer;
    }

    void count(ModelBytes more) {
        bytes = bytes.plus(more);
    }

    ModelBytes bytes() {
        return bytes;
    }

    @Override
    public void close() {
        mapped.forEach(Tensor::release);
        buffers.forEach(Activations::close);
        adopted.forEach(Memory::close);
        arena.close();
    }
}
