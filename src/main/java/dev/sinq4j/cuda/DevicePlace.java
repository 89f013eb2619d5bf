package dev.sinq4j.cuda;

import dev.sinq4j.engine.Place;
import java.lang.foreign.MemorySegment;

/** A position in device memory, one int, and what was last written there. */
final class DevicePlace implements Place {

    private final Gpu gpu;
    private final DeviceBuffer memory;
    private int position;

    DevicePlace(Gpu gpu) {
        this.gpu = gpu;
        memory = gpu.allocate(Integer.BYTES, Purpose.ACTIVATIONS);
    }

    static DevicePlace of(Place place) {
        if (place instanceof DevicePlace held) return held;
        throw new IllegalArgumentException("a place of another backend: " + place);
    }

    /** Where kernels read it. */
    DeviceBuffer memory() {
        return memory;
    }

    @Override
    public int position() {
        return position;
    }

    @Override
    public void moveTo(int position) {
        gpu.upload(MemorySegment.ofArray(new int[] {position}), memory, 0, Integer.BYTES);
        this.position = position;
    }

    @Override
    public void close() {
        memory.close();
    }
}
