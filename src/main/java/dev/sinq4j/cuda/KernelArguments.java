package dev.sinq4j.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The arguments of one launch at a time, as the driver takes them: an array of addresses of values. */
final class KernelArguments {

    /** More parameters than any kernel has. */
    static final int MOST = 48;

    private static final long EACH = Long.BYTES;

    private final MemorySegment values; // (MOST) of 8 bytes
    private final MemorySegment addresses; // (MOST), of the values

    /** @param arena owner of the memory they are kept in */
    KernelArguments(Arena arena) {
        values = arena.allocate(MOST * EACH, EACH);
        addresses = arena.allocate(MOST * EACH, EACH);
        for (int i = 0; i < MOST; i++) addresses.setAtIndex(ValueLayout.JAVA_LONG, i, values.address() + i * EACH);
    }

    /** Their addresses, until the next call; a launch reads them before it returns. */
    MemorySegment pack(Object... arguments) {
        for (int i = 0; i < arguments.length; i++) put(i * EACH, arguments[i]);
        return addresses;
    }

    private void put(long at, Object argument) {
        switch (argument) {
            case DeviceBuffer buffer -> values.set(ValueLayout.JAVA_LONG, at, buffer.address());
            case DevicePointer pointer -> values.set(ValueLayout.JAVA_LONG, at, pointer.address());
            case Integer number -> values.set(ValueLayout.JAVA_INT, at, number);
            case Long number -> values.set(ValueLayout.JAVA_LONG, at, number);
            case Float number -> values.set(ValueLayout.JAVA_FLOAT, at, number);
            case Double number -> values.set(ValueLayout.JAVA_DOUBLE, at, number);
            default -> throw unknown(argument);
        }
    }

    /** One letter an argument: p for a pointer, i, l, f, d. */
    static String letters(Object... arguments) {
        StringBuilder letters = new StringBuilder();
        for (Object argument : arguments)
            letters.append(
                    switch (argument) {
                        case DeviceBuffer buffer -> 'p';
                        case DevicePointer pointer -> 'p';
                        case Integer number -> 'i';
                        case Long number -> 'l';
                        case Float number -> 'f';
                        case Double number -> 'd';
                        default -> throw unknown(argument);
                    });
        return letters.toString();
    }

    private static IllegalArgumentException unknown(Object argument) {
        return new IllegalArgumentException(
                "a kernel takes no " + argument.getClass().getName());
    }
}
