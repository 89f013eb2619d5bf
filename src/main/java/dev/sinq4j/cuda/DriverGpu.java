package dev.sinq4j.cuda;

import dev.sinq4j.failure.UnavailableFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import jcuda.CudaException;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * A GPU through the CUDA driver: its primary context, one stream, memory of the driver's. Whatever the driver refuses becomes an
 * {@link UnavailableFailure} that says during what; after most of its errors a context is of no more use. Buffers may be freed by any
 * thread.
 */
final class DriverGpu implements Gpu {

    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final Arena arena = Arena.ofShared();
    private final KernelArguments packed = new KernelArguments(arena);
    private final HostAddress parameters = new HostAddress(packed.pack().address());
    private final Map<DeviceBuffer, DeviceAddress> buffers = new LinkedHashMap<>();
    private final MemoryAccount memory = new MemoryAccount();
    private final Set<DriverRecording> recordings = new HashSet<>();
    private final Device.Present found;
    private final DriverErrors errors;
    private final KernelModules modules;
    private final PinnedStaging staging;
    private Thread current;
    private @Nullable RecordedMemory recording; // of the recording that is under way
    private boolean closed;

    private DriverGpu(Device.Present found) {
        this.found = found;
        errors = new DriverErrors(found.name());
        JCudaDriver.cuDeviceGet(device, DeviceProbe.number());
        JCudaDriver.cuDevicePrimaryCtxRetain(context, device);
        JCudaDriver.cuCtxSetCurrent(context);
        current = Thread.currentThread();
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        modules = new KernelModules(found.name());
        staging = new PinnedStaging(stream);
    }

    /**
     * Opens the device that {@link DeviceProbe} found, and loads a first module to see that the kernels are for it.
     *
     * @throws UnavailableFailure if there is none, or it cannot be used
     */
    static DriverGpu open() {
        switch (DeviceProbe.probe()) {
            case Device.Absent absent -> throw new UnavailableFailure(absent.reason());
            case Device.Present present -> {
                try {
                    DriverGpu gpu = new DriverGpu(present);
                    gpu.modules.function(new Kernel(Elementwise.FILE, "add"));
                    return gpu;
                } catch (CudaException e) {
                    throw new DriverErrors(present.name()).refused("opening the device", e);
                }
            }
        }
    }

    /** Makes the context the calling thread's, for what cannot be recorded. */
    private void enter() {
        if (recording != null)
            throw new IllegalStateException("a recording takes launches of kernels and nothing else");
        enterToLaunch();
    }

    private void enterToLaunch() {
        if (closed) throw new IllegalStateException("a device used after it was closed");
        if (current == Thread.currentThread()) return;
        JCudaDriver.cuCtxSetCurrent(context);
        current = Thread.currentThread();
    }

    @Override
    public String description() {
        return found.name() + ", compute capability " + found.major() + "." + found.minor() + ", CUDA "
                + found.driver();
    }

    @Override
    public int multiprocessors() {
        return attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    }

    @Override
    public long cacheBytes() {
        return attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
    }

    private int attribute(int attribute) {
        int[] answer = new int[1];
        JCudaDriver.cuDeviceGetAttribute(answer, attribute, device);
        return answer[0];
    }

    @Override
    public synchronized DeviceBuffer allocate(long bytes, Purpose purpose) {
        enter();
        DeviceAddress address = new DeviceAddress();
        long taken = Math.max(bytes, 1);
        try {
            JCudaDriver.cuMemAlloc(address, taken);
        } catch (CudaException e) {
            throw String.valueOf(e.getMessage()).contains("OUT_OF_MEMORY")
                    ? errors.outOfMemory(bytes, purpose, freeBytes(), memory.current())
                    : errors.refused("allocating " + bytes + " bytes", e);
        }
        DeviceBuffer buffer = new DeviceBuffer(address.value(), bytes, purpose, this::free);
        buffers.put(buffer, address);
        memory.take(purpose, bytes);
        clear(buffer, 0, bytes);
        return buffer;
    }

    private synchronized void free(DeviceBuffer buffer) {
        if (closed) return; // the context took it along
        enter();
        DeviceAddress address = buffers.remove(buffer);
        if (address == null) throw new IllegalStateException("a buffer of another device");
        memory.give(buffer.purpose(), buffer.bytes());
        try {
            JCudaDriver.cuMemFree(address); // waits for the work that uses it
        } catch (CudaException e) {
            throw errors.refused("freeing memory", e);
        }
    }

    @Override
    public synchronized void upload(MemorySegment from, DeviceBuffer to, long offset, long bytes) {
        to.check(offset, bytes);
        enter();
        try {
            staging.upload(from, to.address() + offset, bytes);
        } catch (CudaException e) {
            throw errors.refused("copying " + bytes + " bytes to it", e);
        }
    }

    @Override
    public synchronized void download(DeviceBuffer from, long offset, MemorySegment to, long bytes) {
        from.check(offset, bytes);
        enter();
        try {
            staging.download(from.address() + offset, to, bytes);
        } catch (CudaException e) {
            throw errors.refused("copying " + bytes + " bytes from it, or to what it did before", e);
        }
    }

    @Override
    public synchronized void copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long bytes) {
        from.check(fromOffset, bytes);
        to.check(toOffset, bytes);
        if (bytes == 0) return;
        enter();
        try {
            JCudaDriver.cuMemcpyDtoDAsync(
                    DeviceAddress.of(to.address() + toOffset),
                    DeviceAddress.of(from.address() + fromOffset),
                    bytes,
                    stream);
        } catch (CudaException e) {
            throw errors.refused("copying " + bytes + " bytes on it", e);
        }
    }

    @Override
    public synchronized void clear(DeviceBuffer buffer, long offset, long bytes) {
        buffer.check(offset, bytes);
        if (bytes == 0) return;
        enter();
        try {
            JCudaDriver.cuMemsetD8Async(DeviceAddress.of(buffer.address() + offset), (byte) 0, bytes, stream);
        } catch (CudaException e) {
            throw errors.refused("clearing " + bytes + " bytes", e);
        }
    }

    @Override
    public synchronized void launch(Kernel kernel, Grid grid, Object... arguments) {
        enterToLaunch();
        if (recording != null) recording.add(arguments);
        try {
            CUfunction function = modules.function(kernel, grid.sharedBytes());
            packed.pack(arguments);
            JCudaDriver.cuLaunchKernel(
                    function,
                    grid.x(),
                    grid.y(),
                    grid.z(),
                    grid.threads(),
                    1,
                    1,
                    grid.sharedBytes(),
                    stream,
                    parameters,
                    null);
        } catch (CudaException e) {
            String kind = kernel + " with " + grid;
            throw recording == null
                    ? errors.refused("starting " + kind, e)
                    : errors.refusedRecording("recording " + kind, e);
        }
    }

    @Override
    public synchronized Recording record(Runnable work) {
        enter();
        RecordedMemory referred = new RecordedMemory();
        recording = referred;
        try {
            DriverRecording recorded = new DriverRecording(this, DriverGraph.capture(stream, work), referred);
            recordings.add(recorded);
            return recorded;
        } catch (CudaException e) {
            throw errors.refusedRecording("recording kernels", e);
        } finally {
            recording = null;
        }
    }

    synchronized void start(DriverRecording recorded) {
        enter();
        if (!recordings.contains(recorded)) throw new IllegalStateException("a recording replayed after it was closed");
        try {
            recorded.launch(stream);
        } catch (CudaException e) {
            throw errors.refusedRecording("starting recorded kernels", e);
        }
    }

    synchronized void forget(DriverRecording recorded) {
        if (closed || !recordings.remove(recorded)) return; // the device took it along
        enter();
        try {
            recorded.destroy();
        } catch (CudaException e) {
            throw errors.refused("forgetting recorded kernels", e);
        }
    }

    @Override
    public synchronized void synchronize() {
        enter();
        try {
            JCudaDriver.cuStreamSynchronize(stream);
        } catch (CudaException e) {
            throw errors.refused("what it was last asked for", e);
        }
    }

    @Override
    public synchronized double seconds(Runnable work) {
        enter();
        try {
            return StreamClock.seconds(stream, work);
        } catch (CudaException e) {
            throw errors.refused("timing what it does", e);
        }
    }

    @Override
    public synchronized long freeBytes() {
        enter();
        long[] free = new long[1];
        JCudaDriver.cuMemGetInfo(free, new long[1]);
        return free[0];
    }

    @Override
    public MemoryAccount memory() {
        return memory;
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        try {
            enter();
            JCudaDriver.cuStreamSynchronize(stream);
            recordings.forEach(DriverRecording::destroy);
            staging.close();
            for (DeviceAddress address : buffers.values()) JCudaDriver.cuMemFree(address);
            modules.close();
            JCudaDriver.cuStreamDestroy(stream);
            JCudaDriver.cuDevicePrimaryCtxRelease(device);
        } catch (CudaException e) {
            throw errors.refused("closing the device", e);
        } finally {
            closed = true;
            recordings.clear();
            buffers.clear();
            arena.close();
        }
    }
}
