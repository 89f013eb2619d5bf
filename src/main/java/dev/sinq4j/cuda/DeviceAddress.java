package dev.sinq4j.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer whose number can be read; JCuda keeps it to subclasses. */
final class DeviceAddress extends CUdeviceptr {

    /** Of memory already allocated. */
    static CUdeviceptr of(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }

    /** After an allocation was made into this. */
    long value() {
        return getNativePointer();
    }
}
