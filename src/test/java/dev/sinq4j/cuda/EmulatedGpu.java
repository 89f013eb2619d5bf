package dev.sinq4j.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The kernels on the CPU. Every buffer lies between two guards that are looked at after each launch that was given the buffer,
 * and when it is freed. A launch whose arguments are not of the kernel's parameter types is refused.
 */
final class EmulatedGpu implements Gpu {

    /** Of a guard, before and after each buffer. */
    static final int GUARD = 256;

    /** NaN in every floating-point type. */
    static final byte POISON = (byte) 0xff;

    private static final long FREE_BYTES = 1L << 32;

    private static final byte GUARD_BYTE = (byte) 0xfd; // NaN too, as fp16 and wider

    private static final ReentrantLock ONE_LAUNCH_AT_A_TIME = new ReentrantLock();
    private static final Linker LINKER = Linker.nativeLinker();

    /** A kernel's entry point, and the letters of its parameters. */
    private record Entry(MethodHandle launch, String letters) {}

    /** A launch whose arguments are packed. */
    record Packed(Kernel kernel, Grid grid, MemorySegment addresses, Object... arguments) {}

    private record Held(Arena arena, MemorySegment whole) {
        MemorySegment inner() {
            return whole.asSlice(GUARD, whole.byteSize() - 2 * GUARD);
        }
    }

    private final Arena arena = Arena.ofShared();
    private final KernelArguments packed = new KernelArguments(arena);
    private final MemorySegment launch = arena.allocate(5 * Integer.BYTES, Integer.BYTES);
    private final Map<Kernel, Entry> entries = new HashMap<>();
    private final Map<DeviceBuffer, Held> buffers = new LinkedHashMap<>();
    private final MemoryAccount memory = new MemoryAccount();
    private long launches;
    private long replays;
    private @Nullable EmulatedRecording recording; // that is under way
    private boolean closed;

    EmulatedGpu() {
        EmulatedLibrary.assumeCompiler();
    }

    @Override
    public String description() {
        return "kernels emulated on the CPU";
    }

    @Override
    public int multiprocessors() {
        return 4;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed when the buffer is freed
    public synchronized DeviceBuffer allocate(long bytes, Purpose purpose) {
        refuseWhileRecording();
        Arena own = Arena.ofShared();
        MemorySegment whole = own.allocate(bytes + 2 * GUARD, GUARD);
        whole.asSlice(0, GUARD).fill(GUARD_BYTE);
        whole.asSlice(GUARD + bytes).fill(GUARD_BYTE);
        DeviceBuffer buffer = new DeviceBuffer(whole.address() + GUARD, bytes, purpose, this::free);
        buffers.put(buffer, new Held(own, whole));
        memory.take(purpose, bytes);
        return buffer;
    }

    private synchronized void free(DeviceBuffer buffer) {
        if (closed) return;
        refuseWhileRecording();
        Held held = held(buffer);
        buffers.remove(buffer);
        memory.give(buffer.purpose(), buffer.bytes());
        try {
            checkGuards(held, "somebody");
        } finally {
            held.arena.close();
        }
    }

    private synchronized Held held(DeviceBuffer buffer) {
        Held held = buffers.get(buffer);
        if (held == null) throw new IllegalStateException("a buffer of another device, or a freed one");
        return held;
    }

    private static void checkGuards(Held held, String who) {
        long bytes = held.whole.byteSize() - 2 * GUARD;
        for (int i = 0; i < GUARD; i++) {
            if (held.whole.get(ValueLayout.JAVA_BYTE, GUARD - 1 - i) != GUARD_BYTE)
                throw new AssertionError(who + " wrote " + (i + 1) + " bytes before a buffer of " + bytes + " bytes");
            if (held.whole.get(ValueLayout.JAVA_BYTE, GUARD + bytes + i) != GUARD_BYTE)
                throw new AssertionError(who + " wrote " + i + " bytes behind a buffer of " + bytes + " bytes");
        }
    }

    /** Fills a buffer with {@link #POISON}, as a test of what a kernel writes wants. */
    void poison(DeviceBuffer buffer) {
        held(buffer).inner().fill(POISON);
    }

    /** Fills all memory for what lives no longer than one operation with {@link #POISON}. */
    synchronized void poisonWorkspace() {
        buffers.keySet().stream()
                .filter(buffer -> buffer.purpose() == Purpose.WORKSPACE)
                .forEach(this::poison);
    }

    /** How many kernels were started. */
    long launches() {
        return launches;
    }

    /** How often recordings were replayed. */
    long replays() {
        return replays;
    }

    /** A recording was. */
    void replayed() {
        replays++;
    }

    @Override
    public void upload(MemorySegment from, DeviceBuffer to, long offset, long bytes) {
        refuseWhileRecording();
        to.check(offset, bytes);
        MemorySegment.copy(from, 0, held(to).inner(), offset, bytes);
    }

    @Override
    public void download(DeviceBuffer from, long offset, MemorySegment to, long bytes) {
        refuseWhileRecording();
        from.check(offset, bytes);
        MemorySegment.copy(held(from).inner(), offset, to, 0, bytes);
    }

    @Override
    public void copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long bytes) {
        refuseWhileRecording();
        from.check(fromOffset, bytes);
        to.check(toOffset, bytes);
        MemorySegment.copy(held(from).inner(), fromOffset, held(to).inner(), toOffset, bytes);
    }

    @Override
    public void clear(DeviceBuffer buffer, long offset, long bytes) {
        refuseWhileRecording();
        buffer.check(offset, bytes);
        held(buffer).inner().asSlice(offset, bytes).fill((byte) 0);
    }

    @Override
    public void launch(Kernel kernel, Grid grid, Object... arguments) {
        Entry entry = entries.computeIfAbsent(kernel, EmulatedGpu::entry);
        String given = KernelArguments.letters(arguments);
        if (!given.equals(entry.letters))
            throw new IllegalArgumentException(
                    kernel + " takes the parameters " + entry.letters + ", it was given " + given);
        if (recording != null) recording.add(kernel, grid, arguments);
        else run(new Packed(kernel, grid, packed.pack(arguments), arguments));
    }

    /** The numbers that were packed are used, whatever has become of what the arguments were then. */
    void run(Packed launched) {
        launches++;
        ONE_LAUNCH_AT_A_TIME.lock();
        try {
            run(launched.kernel, launched.grid, launched.addresses);
        } finally {
            ONE_LAUNCH_AT_A_TIME.unlock();
        }
        String who = launched.kernel.toString();
        for (Object argument : launched.arguments)
            if (argument instanceof DeviceBuffer buffer) checkGuards(held(buffer), who);
            else if (argument instanceof DevicePointer pointer) checkGuards(held(pointer.buffer()), who);
    }

    private void run(Kernel kernel, Grid grid, MemorySegment addresses) {
        int[] numbers = {grid.x(), grid.y(), grid.z(), grid.threads(), grid.sharedBytes()};
        MemorySegment.copy(numbers, 0, launch, ValueLayout.JAVA_INT, 0, numbers.length);
        MemorySegment error;
        try {
            error = (MemorySegment) entries.get(kernel).launch.invokeExact(launch, addresses);
        } catch (Throwable e) {
            throw new IllegalStateException(kernel.toString(), e);
        }
        if (error.address() != 0)
            throw new IllegalStateException(
                    kernel + ": " + error.reinterpret(Long.MAX_VALUE).getString(0));
    }

    private static Entry entry(Kernel kernel) {
        SymbolLookup library = EmulatedLibrary.load(kernel.file());
        MethodHandle launch = LINKER.downcallHandle(
                library.findOrThrow("launch_" + kernel.name()),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        MethodHandle signature = LINKER.downcallHandle(
                library.findOrThrow("signature_" + kernel.name()), FunctionDescriptor.of(ValueLayout.ADDRESS));
        try {
            MemorySegment letters = (MemorySegment) signature.invokeExact();
            return new Entry(launch, letters.reinterpret(Long.MAX_VALUE).getString(0));
        } catch (Throwable e) {
            throw new IllegalStateException(kernel.toString(), e);
        }
    }

    /** As a driver does while it captures. */
    private void refuseWhileRecording() {
        if (recording != null)
            throw new IllegalStateException("a recording takes launches of kernels and nothing else");
    }

    @Override
    public Recording record(Runnable work) {
        refuseWhileRecording();
        EmulatedRecording made = new EmulatedRecording(this);
        recording = made;
        try {
            work.run();
            return made;
        } finally {
            recording = null;
        }
    }

    @Override
    public void synchronize() {
        refuseWhileRecording();
    }

    @Override
    public double seconds(Runnable work) {
        refuseWhileRecording();
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    @Override
    public long cacheBytes() {
        return 1 << 16;
    }

    @Override
    public long freeBytes() {
        return FREE_BYTES - memory.current();
    }

    @Override
    public MemoryAccount memory() {
        return memory;
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        try {
            buffers.values().forEach(held -> checkGuards(held, "somebody"));
        } finally {
            buffers.values().forEach(held -> held.arena.close());
            buffers.clear();
            arena.close();
        }
    }
}
