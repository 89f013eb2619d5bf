package dev.sinq4j.cuda;

import org.jspecify.annotations.Nullable;

/** Device memory for what lives no longer than one operation. It grows and is never given back before it is closed. */
final class Workspace implements AutoCloseable {

    private final Gpu gpu;
    private @Nullable DeviceBuffer memory;

    Workspace(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Makes room for pieces of these sizes, so that {@link #take} of them allocates nothing. */
    void reserve(long... sizes) {
        room(total(sizes));
    }

    /** Pieces of these sizes, each aligned to 256 bytes, until the next call; what they hold is anything. */
    DevicePointer[] take(long... sizes) {
        DeviceBuffer held = room(total(sizes));
        DevicePointer[] pieces = new DevicePointer[sizes.length];
        long at = 0;
        for (int i = 0; i < sizes.length; i++) {
            pieces[i] = held.at(at);
            at += PlaneLayout.aligned(sizes[i]);
        }
        return pieces;
    }

    private DeviceBuffer room(long bytes) {
        DeviceBuffer held = memory;
        if (held != null && held.bytes() >= bytes) return held;
        if (held != null) {
            gpu.synchronize();
            held.close();
            memory = null;
        }
        held = gpu.allocate(Math.max(bytes, 1), Purpose.WORKSPACE);
        memory = held;
        return held;
    }

    private static long total(long... sizes) {
        long total = 0;
        for (long size : sizes) total += PlaneLayout.aligned(size);
        return total;
    }

    @Override
    public void close() {
        if (memory != null) memory.close();
        memory = null;
    }
}
