package dev.sinq4j.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Seconds that a stream spends on work, by events before and behind it. Needs the context to be current. */
final class StreamClock {

    private static final double SECONDS_A_MILLISECOND = 1e-3;

    private StreamClock() {}

    /** @param work asks the stream for something */
    static double seconds(CUstream stream, Runnable work) {
        CUevent start = new CUevent();
        CUevent end = new CUevent();
        JCudaDriver.cuEventCreate(start, 0);
        JCudaDriver.cuEventCreate(end, 0);
        JCudaDriver.cuEventRecord(start, stream);
        work.run();
        JCudaDriver.cuEventRecord(end, stream);
        JCudaDriver.cuEventSynchronize(end);
        float[] milliseconds = new float[1];
        JCudaDriver.cuEventElapsedTime(milliseconds, start, end);
        JCudaDriver.cuEventDestroy(start);
        JCudaDriver.cuEventDestroy(end);
        return milliseconds[0] * SECONDS_A_MILLISECOND;
    }
}
