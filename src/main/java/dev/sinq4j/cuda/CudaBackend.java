package dev.sinq4j.cuda;

import dev.sinq4j.engine.Activations;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Columns;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.Place;
import dev.sinq4j.engine.RepeatedStep;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.method.Method;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalLong;

/**
 * A GPU: activations and caches are fp32 in its memory. Matrices times few tokens are fp32 throughout; times many, and in the losses,
 * their inputs are rounded to bf16 and summed in fp32, see {@link CudaLinears} and {@link CudaAttention}.
 */
public final class CudaBackend implements Backend {

    private static final long QUICK_SEED = 1;

    private final Gpu gpu;
    private final Elementwise elementwise;
    private final CudaLinears linears;
    private final CudaAttention attention;
    private final CudaTiles tiles;
    private final Workspace ids;
    private final boolean recordsSteps;

    /** @param gpu closed with this */
    CudaBackend(Gpu gpu) {
        this(gpu, true);
    }

    /** @param recordsSteps whether decoding steps are recorded and replayed */
    CudaBackend(Gpu gpu, boolean recordsSteps) {
        this.gpu = gpu;
        this.recordsSteps = recordsSteps;
        elementwise = new Elementwise(gpu);
        linears = new CudaLinears(gpu);
        attention = new CudaAttention(gpu);
        tiles = new CudaTiles(gpu);
        ids = new Workspace(gpu);
    }

    /**
     * Opens the device that {@link DeviceProbe} found.
     *
     * @throws UnavailableFailure if it cannot be used: the reason
     */
    public static CudaBackend open() {
        boolean recordsSteps = RecordedStep.isWanted();
        return new CudaBackend(DriverGpu.open(), recordsSteps);
    }

    /**
     * As {@link #open}, and looks whether a few operations give what the CPU gives.
     *
     * @throws UnavailableFailure if there is no device that does
     */
    public static CudaBackend openChecked() {
        return checked(open());
    }

    /** The backend itself; closed if its results are not those of the CPU. */
    static CudaBackend checked(CudaBackend gpu) {
        try (Backend cpu = CpuBackend.create(1)) {
            List<String> wrong = SelfTest.quick(gpu, cpu, QUICK_SEED);
            if (wrong.isEmpty()) return gpu;
            throw new UnavailableFailure(gpu.description() + ": results differ from the CPU's in "
                    + String.join(", ", wrong) + "; see ./sinq4j doctor --cuda-selftest");
        } catch (RuntimeException e) {
            gpu.close();
            throw e;
        }
    }

    /** Whether decoding steps are recorded and replayed, see {@link RecordedStep}. */
    public boolean recordsSteps() {
        return recordsSteps;
    }

    /** The device and its stream, for what else is to be computed there; stays this backend's. */
    public Gpu gpu() {
        return gpu;
    }

    private record OnDevice(DeviceBuffer buffer, int size) implements Activations {
        @Override
        public void close() {
            buffer.close();
        }
    }

    private static DeviceBuffer memory(Activations activations) {
        if (activations instanceof OnDevice held) return held.buffer();
        throw new IllegalArgumentException("activations of another backend: " + activations);
    }

    private static Elementwise.Part part(Columns columns) {
        return new Elementwise.Part(memory(columns.of()), columns.stride(), columns.first());
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String description() {
        return recordsSteps ? gpu.description() : gpu.description() + ", kernels launched one by one";
    }

    @Override
    public Place place() {
        return new DevicePlace(gpu);
    }

    @Override
    public RepeatedStep repeatedStep() {
        return recordsSteps ? new RecordedStep(gpu) : RepeatedStep.ANEW;
    }

    @Override
    public Activations allocate(int numbers) {
        return new OnDevice(gpu.allocate((long) numbers * Float.BYTES, Purpose.ACTIVATIONS), numbers);
    }

    @Override
    public Activations allocateCache(int numbers) {
        return new OnDevice(gpu.allocate((long) numbers * Float.BYTES, Purpose.CACHE), numbers);
    }

    @Override
    public void write(float[] from, int count, Activations to) {
        gpu.upload(MemorySegment.ofArray(from), memory(to), 0, (long) count * Float.BYTES);
    }

    @Override
    public void read(Activations from, int first, int count, float[] to) {
        gpu.download(memory(from), (long) first * Float.BYTES, MemorySegment.ofArray(to), (long) count * Float.BYTES);
    }

    /** On the device nothing refers to the arena's memory; but the device's is freed when the arena is closed. */
    @Override
    public LinearWeight prepare(Weight weight, Arena arena) {
        CudaWeight prepared = linears.prepare(weight);
        MemorySegment.NULL.reinterpret(0, arena, nothing -> prepared.close());
        return prepared;
    }

    /** Tiles of the SINQ family are normalized and rounded on the device, see {@link CudaTiles}; everything else on the CPU. */
    @Override
    public Quantizer quantizer(Method method) {
        return Quantizers.of(method, tiles);
    }

    @Override
    public void embed(LinearWeight table, int[] tokenIds, int from, int tokens, Activations out) {
        if (tokens == 0) return;
        checkIds(tokenIds, from, tokens, table.rows());
        long bytes = (long) tokens * Integer.BYTES;
        DeviceBuffer list = ids.take(bytes)[0].buffer();
        gpu.upload(MemorySegment.ofArray(tokenIds).asSlice((long) from * Integer.BYTES), list, 0, bytes);
        linears.embed(table, list, tokens, memory(out));
    }

    private static void checkIds(int[] tokenIds, int from, int tokens, int rows) {
        for (int i = from; i < from + tokens; i++)
            if (tokenIds[i] < 0 || tokenIds[i] >= rows)
                throw new IllegalArgumentException(
                        "ids[" + i + "]: expected 0 to " + (rows - 1) + ", found " + tokenIds[i]);
    }

    @Override
    public void linear(LinearWeight weight, Activations x, int tokens, Activations y) {
        linears.linear(weight, memory(x), tokens, memory(y));
    }

    @Override
    public void addBias(Activations y, int tokens, int width, Activations bias) {
        elementwise.addBias(memory(y), tokens, width, memory(bias));
    }

    @Override
    public void rmsNorm(Activations x, int rows, int width, Activations weight, float eps, Activations out) {
        elementwise.rmsNorm(memory(x), rows, width, memory(weight), eps, memory(out));
    }

    @Override
    public void rope(Activations x, int tokens, int heads, int headDim, int dim, Activations cos, Activations sin) {
        elementwise.rope(memory(x), tokens, heads, headDim, dim, memory(cos), memory(sin));
    }

    @Override
    public void store(Activations x, int tokens, int heads, int dim, Activations cache, int capacity, Place start) {
        elementwise.store(memory(x), tokens, heads, dim, memory(cache), capacity, DevicePlace.of(start));
    }

    @Override
    public void attention(
            AttentionShape shape,
            Activations q,
            Activations keys,
            Activations values,
            Place start,
            int tokens,
            Activations out) {
        attention.attention(shape, memory(q), memory(keys), memory(values), DevicePlace.of(start), tokens, memory(out));
    }

    @Override
    public void swiGlu(Activations gate, Activations up, int count) {
        elementwise.swiGlu(memory(gate), memory(up), count);
    }

    @Override
    public void geGlu(Activations gate, Activations up, int count) {
        elementwise.geGlu(memory(gate), memory(up), count);
    }

    @Override
    public void scale(Activations x, int count, float factor) {
        elementwise.scale(memory(x), count, factor);
    }

    @Override
    public void xielu(Activations x, int count, float p, float n, float beta, float eps) {
        elementwise.xielu(memory(x), count, p, n, beta, eps);
    }

    @Override
    public void add(Activations x, Activations y, int count) {
        elementwise.add(memory(x), memory(y), count);
    }

    @Override
    public void copy(Columns from, Columns to, int rows, int width) {
        elementwise.copy(part(from), part(to), rows, width);
    }

    @Override
    public void copyPairsToHalves(Columns from, Columns to, int rows, int width) {
        elementwise.copyPairsToHalves(part(from), part(to), rows, width);
    }

    @Override
    public void gatherRows(Activations from, int[] rows, int width, Activations to) {
        elementwise.gatherRows(memory(from), rows, width, memory(to));
    }

    @Override
    public void addRows(Activations from, int[] rows, float[] weights, int width, Activations to) {
        elementwise.addRows(memory(from), rows, weights, width, memory(to));
    }

    @Override
    public void clear(Activations x, int count) {
        gpu.clear(memory(x), 0, (long) count * Float.BYTES);
    }

    @Override
    public void crossEntropy(LinearWeight head, Activations hidden, int tokens, int[] targets, double[] nll) {
        linears.crossEntropy(head, memory(hidden), tokens, targets, nll);
    }

    @Override
    public OptionalLong peakDeviceBytes() {
        return OptionalLong.of(gpu.memory().peak());
    }

    @Override
    public OptionalLong freeDeviceBytes() {
        return OptionalLong.of(gpu.freeBytes() + gpu.memory().current(Purpose.WORKSPACE)); // which is used again
    }

    /** As {@link #freeDeviceBytes} of the device that {@link DeviceProbe} found, for plans; empty if there is none. */
    public static OptionalLong freeBytes() {
        try (Gpu gpu = DriverGpu.open()) {
            return OptionalLong.of(gpu.freeBytes());
        } catch (UnavailableFailure e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void forgetPeakDeviceBytes() {
        gpu.memory().forgetPeak();
    }

    @Override
    public void close() {
        ids.close();
        tiles.close();
        attention.close();
        linears.close();
        elementwise.close();
        gpu.close();
    }
}
