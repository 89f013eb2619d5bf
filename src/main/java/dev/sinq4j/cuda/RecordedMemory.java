package dev.sinq4j.cuda;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** The memory that recorded launches refer to, by address. */
final class RecordedMemory {

    private final Set<DeviceBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Arguments of one more launch. */
    void add(Object... arguments) {
        for (Object argument : arguments)
            if (argument instanceof DeviceBuffer buffer) buffers.add(buffer);
            else if (argument instanceof DevicePointer pointer) buffers.add(pointer.buffer());
    }

    boolean isHeld() {
        return buffers.stream().allMatch(DeviceBuffer::isHeld);
    }

    /** @throws IllegalStateException if some of it was freed */
    void check() {
        if (!isHeld()) throw new IllegalStateException("launches replayed after memory was freed that they refer to");
    }
}
