package dev.sinq4j.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Everything between the matrices of a decoder, as {@code elementwise.cu} does it. Shapes are those of the engine's backend. */
final class Elementwise implements AutoCloseable {

    static final String FILE = "elementwise";

    private static final int THREADS = 256;
    private static final int MOST_BLOCKS_Y = 65_535;

    private static final Kernel RMS_NORM = new Kernel(FILE, "rms_norm");
    private static final Kernel ROPE = new Kernel(FILE, "rope");
    private static final Kernel STORE = new Kernel(FILE, "store_in_cache");
    private static final Kernel ADD_BIAS = new Kernel(FILE, "add_bias");
    private static final Kernel SWI_GLU = new Kernel(FILE, "swi_glu");
    private static final Kernel GE_GLU = new Kernel(FILE, "ge_glu");
    private static final Kernel XIELU = new Kernel(FILE, "xielu");
    private static final Kernel ADD = new Kernel(FILE, "add");
    private static final Kernel SCALE = new Kernel(FILE, "scale_by");
    private static final Kernel COPY = new Kernel(FILE, "copy_columns");
    private static final Kernel COPY_PAIRS = new Kernel(FILE, "copy_pairs_to_halves");
    private static final Kernel GATHER = new Kernel(FILE, "gather_rows");
    private static final Kernel ADD_ROWS = new Kernel(FILE, "add_rows");

    private final Gpu gpu;
    private final Workspace lists; // row numbers and their weights

    Elementwise(Gpu gpu) {
        this.gpu = gpu;
        lists = new Workspace(gpu);
    }

    /** Some columns of a matrix. */
    record Part(DeviceBuffer of, int stride, int first) {
        DevicePointer start() {
            return of.at((long) first * Float.BYTES);
        }
    }

    private void launch(Kernel kernel, int items, Object... arguments) {
        if (items > 0) gpu.launch(kernel, Grid.covering(items, THREADS), arguments);
    }

    void rmsNorm(DeviceBuffer x, int rows, int width, DeviceBuffer weight, float eps, DeviceBuffer out) {
        if (rows > 0) gpu.launch(RMS_NORM, Grid.of(rows, THREADS), x, weight, out, width, eps);
    }

    void rope(DeviceBuffer x, int tokens, int heads, int headDim, int dim, DeviceBuffer cos, DeviceBuffer sin) {
        int pairs = tokens * heads * (dim / 2);
        launch(ROPE, pairs, x, cos, sin, heads, headDim, dim / 2, pairs);
    }

    void store(DeviceBuffer x, int tokens, int heads, int dim, DeviceBuffer cache, int capacity, DevicePlace start) {
        int count = tokens * heads * dim;
        launch(STORE, count, x, cache, heads, dim, capacity, start.memory(), count);
    }

    void addBias(DeviceBuffer y, int tokens, int width, DeviceBuffer bias) {
        launch(ADD_BIAS, tokens * width, y, bias, width, tokens * width);
    }

    void swiGlu(DeviceBuffer gate, DeviceBuffer up, int count) {
        launch(SWI_GLU, count, gate, up, count);
    }

    void geGlu(DeviceBuffer gate, DeviceBuffer up, int count) {
        launch(GE_GLU, count, gate, up, count);
    }

    void xielu(DeviceBuffer x, int count, float p, float n, float beta, float eps) {
        launch(XIELU, count, x, count, p, n, beta, eps);
    }

    void add(DeviceBuffer x, DeviceBuffer y, int count) {
        launch(ADD, count, x, y, count);
    }

    void scale(DeviceBuffer x, int count, float factor) {
        launch(SCALE, count, x, count, factor);
    }

    void copy(Part from, Part to, int rows, int width) {
        copy(COPY, from, to, rows, width);
    }

    void copyPairsToHalves(Part from, Part to, int rows, int width) {
        copy(COPY_PAIRS, from, to, rows, width);
    }

    private void copy(Kernel kernel, Part from, Part to, int rows, int width) {
        int count = rows * width;
        launch(kernel, count, from.start(), from.stride, to.start(), to.stride, width, count);
    }

    void gatherRows(DeviceBuffer from, int[] rows, int width, DeviceBuffer to) {
        if (rows.length == 0) return;
        DevicePointer list = lists.take((long) rows.length * Integer.BYTES)[0];
        upload(MemorySegment.ofArray(rows), list);
        launch(GATHER, rows.length * width, from, list, width, to, rows.length * width);
    }

    void addRows(DeviceBuffer from, int[] rows, float[] weights, int width, DeviceBuffer to) {
        int count = rows.length;
        if (count == 0) return;
        DevicePointer[] pieces = lists.take((long) count * Integer.BYTES, (long) count * Float.BYTES);
        upload(MemorySegment.ofArray(rows), pieces[0]);
        upload(MemorySegment.ofArray(weights), pieces[1]);
        int each = differ(rows) ? Math.ceilDiv(count, MOST_BLOCKS_Y) : count;
        Grid grid = new Grid(Math.ceilDiv(width, THREADS), Math.ceilDiv(count, each), 1, THREADS, 0);
        gpu.launch(ADD_ROWS, grid, from, pieces[0], pieces[1], count, width, to, each);
    }

    private static boolean differ(int... rows) {
        return Arrays.stream(rows).distinct().count() == rows.length;
    }

    private void upload(MemorySegment from, DevicePointer to) {
        gpu.upload(from, to.buffer(), to.byteOffset(), from.byteSize());
    }

    @Override
    public void close() {
        lists.close();
    }
}
