package dev.sinq4j.cuda;

/**
 * A place in device memory.
 *
 * @param buffer     whose
 * @param byteOffset from its start, 0 up to its size
 */
public record DevicePointer(DeviceBuffer buffer, long byteOffset) {

    public DevicePointer {
        buffer.check(byteOffset, 0);
    }

    long address() {
        return buffer.address() + byteOffset;
    }
}
