package dev.sinq4j.cuda;

import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.SearchTask;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * What candidates of an activation scale do to a layer's outputs, see {@code activation_search.cu}.
 *
 * @param gpu        the device
 * @param task       what to do
 * @param tokens     of the inputs
 * @param tiles      normalized, where the task says so
 * @param inputs     (tokens, columns) fp32
 * @param candidate  (columns) fp32
 * @param difference (rows, columns) fp32: a candidate's weight less the weight
 * @param sums       (candidates, {@link #blocks}) fp64
 */
record CandidateErrors(
        Gpu gpu,
        SearchTask task,
        int tokens,
        NormalizedTiles tiles,
        DevicePointer inputs,
        DevicePointer candidate,
        DevicePointer difference,
        DevicePointer sums) {

    private static final Kernel DIFFERENCE = new Kernel("activation_search", "fake_quantized_difference");
    private static final Kernel ERROR = new Kernel("activation_search", "output_error");
    private static final int THREADS = 256;

    /** Tokens and rows of a block's part of the product. */
    private static final int EDGE = 64;

    /** With everything it needs in one piece of memory. */
    static CandidateErrors in(Workspace memory, Gpu gpu, Tensor weight, SearchTask task, int tokens, int candidates) {
        TileShape shape = TileShape.of(task);
        DevicePointer[] pieces = memory.take(NormalizedTiles.sizes(
                weight,
                shape,
                (long) tokens * task.columns() * Float.BYTES,
                (long) task.columns() * Float.BYTES,
                (long) task.rows() * task.columns() * Float.BYTES,
                (long) candidates * blocks(task.rows(), tokens) * Double.BYTES));
        int at = NormalizedTiles.PIECES;
        return new CandidateErrors(
                gpu,
                task,
                tokens,
                NormalizedTiles.in(pieces, gpu, shape),
                pieces[at],
                pieces[at + 1],
                pieces[at + 2],
                pieces[at + 3]);
    }

    /** Sums of a candidate. */
    static int blocks(int rows, int tokens) {
        return Math.ceilDiv(tokens, EDGE) * Math.ceilDiv(rows, EDGE);
    }

    /** One sum over tokens and rows a candidate. */
    double[] of(Inputs given, float[][] candidates) {
        write(given.values(), tokens * task.columns(), inputs);
        int blocks = blocks(task.rows(), tokens);
        for (int c = 0; c < candidates.length; c++) {
            write(candidates[c], task.columns(), candidate);
            subtract();
            multiply((long) c * blocks * Double.BYTES);
        }
        double[] parts = new double[candidates.length * blocks];
        gpu.download(
                sums.buffer(), sums.byteOffset(), MemorySegment.ofArray(parts), (long) parts.length * Double.BYTES);
        double[] errors = new double[candidates.length];
        for (int i = 0; i < parts.length; i++) errors[i / blocks] += parts[i];
        return errors;
    }

    private void subtract() {
        gpu.launch(
                DIFFERENCE,
                tiles.shape().lanes(),
                tiles.tiles(),
                task.rows(),
                task.columns(),
                task.group(),
                tiles.columnScale(),
                tiles.rowScale(),
                task.normalizes() ? 1 : 0,
                candidate,
                (1 << task.bits()) - 1,
                task.toHalf() ? 1 : 0,
                difference);
    }

    /** @param at of the candidate's sums, in bytes */
    private void multiply(long at) {
        gpu.launch(
                ERROR,
                new Grid(Math.ceilDiv(tokens, EDGE), Math.ceilDiv(task.rows(), EDGE), 1, THREADS, 0),
                inputs,
                difference,
                tokens,
                task.rows(),
                task.columns(),
                task.squares() ? 1 : 0,
                sums.buffer().at(sums.byteOffset() + at));
    }

    private void write(float[] from, int count, DevicePointer to) {
        gpu.upload(MemorySegment.ofArray(from), to.buffer(), to.byteOffset(), (long) count * Float.BYTES);
    }
}
