package dev.sinq4j.cuda;

import java.util.function.Consumer;

/** Memory of a device. Whoever asked for it closes it; its device frees what is left when it is closed itself. */
public final class DeviceBuffer implements AutoCloseable {

    private final long address;
    private final long bytes;
    private final Purpose purpose;
    private final Consumer<DeviceBuffer> release;
    private volatile boolean closed;

    /** @param release frees the memory; called once */
    DeviceBuffer(long address, long bytes, Purpose purpose, Consumer<DeviceBuffer> release) {
        this.address = address;
        this.bytes = bytes;
        this.purpose = purpose;
        this.release = release;
    }

    /** On the device; nothing on the host may follow it. */
    long address() {
        if (closed) throw new IllegalStateException("device memory used after it was freed");
        return address;
    }

    /** Whether it was not freed. */
    boolean isHeld() {
        return !closed;
    }

    public long bytes() {
        return bytes;
    }

    public Purpose purpose() {
        return purpose;
    }

    /** A place in it, as an argument of a launch. */
    public DevicePointer at(long byteOffset) {
        return new DevicePointer(this, byteOffset);
    }

    /** @throws IndexOutOfBoundsException if the range does not lie in this */
    void check(long offset, long length) {
        if (offset < 0 || length < 0 || offset > bytes - length)
            throw new IndexOutOfBoundsException(
                    length + " bytes from " + offset + " on do not lie in a buffer of " + bytes + " bytes");
    }

    @Override
    public void close() {
        if (closed) return;
        release.accept(this);
        closed = true;
    }
}
