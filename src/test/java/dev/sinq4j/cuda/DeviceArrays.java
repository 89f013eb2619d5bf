package dev.sinq4j.cuda;

import java.lang.foreign.MemorySegment;

/** Java arrays on an emulated device, for tests. */
final class DeviceArrays {

    private DeviceArrays() {}

    /** A copy of the numbers. */
    static DeviceBuffer of(Gpu gpu, float... numbers) {
        return of(gpu, MemorySegment.ofArray(numbers));
    }

    static DeviceBuffer of(Gpu gpu, int... numbers) {
        return of(gpu, MemorySegment.ofArray(numbers));
    }

    static DeviceBuffer of(Gpu gpu, short... numbers) {
        return of(gpu, MemorySegment.ofArray(numbers));
    }

    static DeviceBuffer of(Gpu gpu, byte... numbers) {
        return of(gpu, MemorySegment.ofArray(numbers));
    }

    private static DeviceBuffer of(Gpu gpu, MemorySegment numbers) {
        DeviceBuffer buffer = gpu.allocate(numbers.byteSize(), Purpose.WORKSPACE);
        gpu.upload(numbers, buffer, 0, numbers.byteSize());
        return buffer;
    }

    /** Memory full of poison, for a kernel's outputs. */
    static DeviceBuffer poisoned(EmulatedGpu gpu, long bytes) {
        DeviceBuffer buffer = gpu.allocate(bytes, Purpose.WORKSPACE);
        gpu.poison(buffer);
        return buffer;
    }

    static float[] floats(Gpu gpu, DeviceBuffer buffer) {
        float[] numbers = new float[Math.toIntExact(buffer.bytes() / Float.BYTES)];
        gpu.download(buffer, 0, MemorySegment.ofArray(numbers), buffer.bytes());
        return numbers;
    }

    static int[] ints(Gpu gpu, DeviceBuffer buffer) {
        int[] numbers = new int[Math.toIntExact(buffer.bytes() / Integer.BYTES)];
        gpu.download(buffer, 0, MemorySegment.ofArray(numbers), buffer.bytes());
        return numbers;
    }

    static double[] doubles(Gpu gpu, DeviceBuffer buffer) {
        double[] numbers = new double[Math.toIntExact(buffer.bytes() / Double.BYTES)];
        gpu.download(buffer, 0, MemorySegment.ofArray(numbers), buffer.bytes());
        return numbers;
    }

    static short[] shorts(Gpu gpu, DeviceBuffer buffer) {
        short[] numbers = new short[Math.toIntExact(buffer.bytes() / Short.BYTES)];
        gpu.download(buffer, 0, MemorySegment.ofArray(numbers), buffer.bytes());
        return numbers;
    }

    static byte[] bytes(Gpu gpu, DeviceBuffer buffer) {
        byte[] numbers = new byte[Math.toIntExact(buffer.bytes())];
        gpu.download(buffer, 0, MemorySegment.ofArray(numbers), buffer.bytes());
        return numbers;
    }
}
