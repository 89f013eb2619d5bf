package dev.sinq4j.cuda;

import java.lang.foreign.MemorySegment;

/**
 * A device and one stream on it: memory, copies and launches, done in the order they are asked for. Not thread-safe: one
 * caller at a time. Two implementations: the CUDA driver, and in the tests one that runs the same kernels on the CPU.
 */
public interface Gpu extends AutoCloseable {

    /** Name of the device, for logs and provenance. */
    String description();

    /** How many blocks can run at a time, or a few times fewer; nothing but speed may depend on it. */
    int multiprocessors();

    /**
     * Zeroed memory, its start aligned to 256 bytes.
     *
     * @throws dev.sinq4j.failure.UnavailableFailure if there is not enough
     */
    DeviceBuffer allocate(long bytes, Purpose purpose);

    /** Copies from the host; {@code from} may be changed at once afterwards. */
    void upload(MemorySegment from, DeviceBuffer to, long offset, long bytes);

    /** Copies to the host, where it is when this returns. */
    void download(DeviceBuffer from, long offset, MemorySegment to, long bytes);

    /** Copies on the device; the two do not overlap. */
    void copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long bytes);

    /** Sets bytes to zero. */
    void clear(DeviceBuffer buffer, long offset, long bytes);

    /**
     * Starts a kernel.
     *
     * @param arguments as the kernel declares them: {@link DeviceBuffer} or {@link DevicePointer} for a pointer, {@link Integer}
     *     for an int, {@link Long} for a long long, {@link Float}, {@link Double}
     */
    void launch(Kernel kernel, Grid grid, Object... arguments);

    /**
     * Keeps what {@code work} launches instead of starting it. Until it returns the device refuses everything else that it can be
     * asked for, memory above all; so every kernel was launched before and loaded then.
     */
    Recording record(Runnable work);

    /** Waits for everything asked for. */
    void synchronize();

    /** Seconds that the device spends on what {@code work} asks for. */
    double seconds(Runnable work);

    /** Size of the device's last cache before its memory. */
    long cacheBytes();

    /** Bytes of memory that nobody holds. */
    long freeBytes();

    /** Who holds how much. */
    MemoryAccount memory();

    @Override
    void close();
}
