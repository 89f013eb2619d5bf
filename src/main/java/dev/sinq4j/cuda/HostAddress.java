package dev.sinq4j.cuda;

import jcuda.Pointer;

/** Host memory outside the heap, by its address. */
final class HostAddress extends Pointer {

    /** To be filled by an allocation. */
    HostAddress() {}

    HostAddress(long address) {
        super(address);
    }

    long value() {
        return getNativePointer();
    }
}
