package dev.sinq4j.cuda;

import jcuda.CudaException;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Launches captured from a stream, as an executable graph of the driver's. Needs the context to be current. */
final class DriverGraph implements AutoCloseable {

    private final CUgraphExec executable = new CUgraphExec();

    /** @param graph may be destroyed afterwards */
    private DriverGraph(CUgraph graph) {
        JCudaDriver.cuGraphInstantiate(executable, graph, 0);
    }

    /**
     * What {@code work} launches on a stream; nothing of it is started.
     *
     * @param stream not the default one, which cannot be captured
     */
    static DriverGraph capture(CUstream stream, Runnable work) {
        JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        CUgraph graph = new CUgraph();
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            abandon(stream, e);
            throw e;
        }
        JCudaDriver.cuStreamEndCapture(stream, graph);
        try {
            return new DriverGraph(graph);
        } finally {
            JCudaDriver.cuGraphDestroy(graph);
        }
    }

    /** Lets the stream go on after work that failed. */
    private static void abandon(CUstream stream, Throwable reason) {
        CUgraph graph = new CUgraph();
        try {
            JCudaDriver.cuStreamEndCapture(stream, graph);
            JCudaDriver.cuGraphDestroy(graph);
        } catch (CudaException e) {
            reason.addSuppressed(e);
        }
    }

    /** Starts it behind what the stream has to do. */
    void launch(CUstream stream) {
        JCudaDriver.cuGraphLaunch(executable, stream);
    }

    /** The driver lets it finish if it runs. */
    @Override
    public void close() {
        JCudaDriver.cuGraphExecDestroy(executable);
    }
}
