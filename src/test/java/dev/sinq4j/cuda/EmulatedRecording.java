package dev.sinq4j.cuda;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Launches with the values that their arguments had when they were recorded, as a graph of the driver's holds them. */
final class EmulatedRecording implements Recording {

    private final EmulatedGpu gpu;
    private final Arena arena = Arena.ofShared();
    private final List<EmulatedGpu.Packed> launches = new ArrayList<>();
    private final RecordedMemory referred = new RecordedMemory();

    EmulatedRecording(EmulatedGpu gpu) {
        this.gpu = gpu;
    }

    void add(Kernel kernel, Grid grid, Object... arguments) {
        referred.add(arguments);
        launches.add(
                new EmulatedGpu.Packed(kernel, grid, new KernelArguments(arena).pack(arguments), arguments.clone()));
    }

    @Override
    public boolean isUsable() {
        return referred.isHeld();
    }

    @Override
    public void replay() {
        if (!arena.scope().isAlive()) throw new IllegalStateException("a recording replayed after it was closed");
        referred.check();
        launches.forEach(gpu::run);
        gpu.replayed();
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) arena.close();
    }
}
