package dev.sinq4j.hub.transfer;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code flock(2)} of the C library: a lock on an open file that ends when the file is closed, or its process. */
final class Flock {

    private static final int READ_WRITE = 2; // O_RDWR
    private static final int EXCLUSIVE_NOT_BLOCKING = 2 | 4; // LOCK_EX | LOCK_NB
    private static final int NO_SUCH_FILE = 2; // ENOENT
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final @Nullable Calls CALLS = link();

    /** The functions, linked. */
    private record Calls(MethodHandle open, MethodHandle flock, MethodHandle close) {}

    private Flock() {}

    static boolean isAvailable() {
        return CALLS != null;
    }

    /** The lock if it is free; closing it lets it go. The file exists. */
    static Optional<AutoCloseable> tryLock(Path file) throws IOException {
        Calls calls = CALLS;
        if (calls == null) throw new IllegalStateException("there is no flock on this system");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int descriptor = (int) calls.open.invokeExact(
                    state, arena.allocateFrom(file.toAbsolutePath().toString()), READ_WRITE);
            if (descriptor < 0) return noFile(file, (int) ERRNO.get(state, 0L));
            int result = (int) calls.flock.invokeExact(state, descriptor, EXCLUSIVE_NOT_BLOCKING);
            if (result == 0) return Optional.of(() -> close(calls, descriptor));
            int error = (int) ERRNO.get(state, 0L);
            close(calls, descriptor);
            if (isHeldElsewhere(error)) return Optional.empty();
            throw new IOException(
                    file + " cannot be locked (error " + error + "): put the cache on a file system with locks");
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(file + " cannot be locked", e);
        }
    }

    /** Deleted a moment ago: the caller tries again. */
    private static Optional<AutoCloseable> noFile(Path file, int error) throws IOException {
        if (error == NO_SUCH_FILE) return Optional.empty();
        throw new IOException(file + " cannot be opened for writing (error " + error + ")");
    }

    /** EACCES, and EWOULDBLOCK of Linux and macOS; EINTR ends a try too. */
    private static boolean isHeldElsewhere(int error) {
        return error == 4 || error == 11 || error == 13 || error == 35;
    }

    private static void close(Calls calls, int descriptor) throws IOException {
        try {
            int ignored = (int) calls.close.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IOException("a lock cannot be let go", e);
        }
    }

    private static @Nullable Calls link() {
        if (System.getProperty("os.name", "").startsWith("Windows")) return null;
        Linker linker = Linker.nativeLinker();
        var library = linker.defaultLookup();
        Linker.Option state = Linker.Option.captureCallState("errno");
        try {
            return new Calls(
                    linker.downcallHandle(
                            library.find("open").orElseThrow(),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                            state,
                            Linker.Option.firstVariadicArg(2)),
                    linker.downcallHandle(
                            library.find("flock").orElseThrow(),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                            state),
                    linker.downcallHandle(
                            library.find("close").orElseThrow(),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)));
        } catch (RuntimeException noSuchFunction) {
            return null;
        }
    }
}
