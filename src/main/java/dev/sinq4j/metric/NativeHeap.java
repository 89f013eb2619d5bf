package dev.sinq4j.metric;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The C library's heap, in which weights and other memory outside of Java's heap lie. */
final class NativeHeap {

    private static final @Nullable MethodHandle TRIM = link();

    private NativeHeap() {}

    /**
     * Gives the system back what was freed. glibc keeps freed blocks of up to 32 MB for itself, so that a closed model would count
     * as memory of the next one. Elsewhere nothing is done.
     */
    static void giveBack() {
        if (TRIM == null) return;
        try {
            int ignored = (int) TRIM.invokeExact(0L);
        } catch (Throwable e) {
            throw new AssertionError("malloc_trim throws nothing", e);
        }
    }

    /** glibc's function; null in another C library. */
    private static @Nullable MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("malloc_trim")
                .map(function -> linker.downcallHandle(
                        function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)))
                .orElse(null);
    }
}
