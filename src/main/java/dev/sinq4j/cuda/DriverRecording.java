package dev.sinq4j.cuda;

import jcuda.driver.CUstream;

/** A graph of the driver's, and the memory that it refers to. */
final class DriverRecording implements Recording {

    private final DriverGpu gpu;
    private final DriverGraph graph;
    private final RecordedMemory memory;

    DriverRecording(DriverGpu gpu, DriverGraph graph, RecordedMemory memory) {
        this.gpu = gpu;
        this.graph = graph;
        this.memory = memory;
    }

    /** Starts it; the device's lock is held, so that nobody frees memory meanwhile. */
    void launch(CUstream stream) {
        memory.check();
        graph.launch(stream);
    }

    /** Takes it from the driver. */
    void destroy() {
        graph.close();
    }

    @Override
    public boolean isUsable() {
        return memory.isHeld();
    }

    @Override
    public void replay() {
        gpu.start(this);
    }

    @Override
    public void close() {
        gpu.forget(this);
    }
}
