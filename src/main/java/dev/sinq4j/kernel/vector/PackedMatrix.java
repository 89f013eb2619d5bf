package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.PANEL;
import static dev.sinq4j.kernel.vector.Lanes.SIDE_BY_SIDE;
import static dev.sinq4j.kernel.vector.PackedShape.STRIP;

import dev.sinq4j.kernel.RowBlockScales;
import dev.sinq4j.kernel.Workers;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A packed weight, copied into the layout of {@link PackedShape}. */
final class PackedMatrix implements VectorWeight {

    private final PackedShape shape;
    private final MemorySegment data;
    private final InputTransform inputTransform;
    private final RowBlockScales columnScale;
    private final InputPlan plan;
    private final PanelDecoder decoder;
    private final @Nullable StripProduct product;
    private final @Nullable FourStripProduct sideBySide;

    private PackedMatrix(PackedWeight weight, PackedShape shape, RowBlockScales columnScale, MemorySegment data) {
        this.shape = shape;
        this.data = data;
        this.columnScale = columnScale;
        inputTransform = weight.inputTransform();
        plan = new InputPlan(shape, columnScale);
        decoder = new PanelDecoder(shape, weight.grid());
        product = StripProduct.of(weight.grid(), shape.layout());
        sideBySide = FourStripProduct.of(weight.grid(), shape);
    }

    static PackedMatrix of(PackedWeight weight, Arena arena, Workers workers) {
        RowBlockScales columnScale = RowBlockScales.of(weight);
        PackedShape shape = PackedShape.of(weight, columnScale.rowBlock(), PackedWriter.fitsHalf(weight));
        MemorySegment data = arena.allocate(shape.bytes(), 64);
        PackedWriter writer = new PackedWriter(weight, shape, data);
        workers.run(shape.map().panels(), (panel, worker) -> writer.writePanel(panel));
        return new PackedMatrix(weight, shape, columnScale, data);
    }

    @Override
    public int rows() {
        return shape.rows();
    }

    @Override
    public int columns() {
        return shape.columns();
    }

    @Override
    public long bytes() {
        return data.byteSize() + plan.bytes();
    }

    @Override
    public int panels() {
        return shape.map().panels();
    }

    @Override
    public int firstRow(int panel) {
        return shape.map().firstRow(panel);
    }

    @Override
    public int rowsOf(int panel) {
        return shape.map().rowsOf(panel);
    }

    @Override
    public InputTransform inputTransform() {
        return inputTransform;
    }

    @Override
    public int inputLength() {
        return plan.length();
    }

    @Override
    public int sumsLength() {
        return shape.groups();
    }

    @Override
    public int decodeTokens() {
        return product == null ? 0 : 16;
    }

    @Override
    public void prepareInput(float[] x, int at, DecodeInput input, int token) {
        plan.prepare(x, at, input.x, token * plan.length());
        if (!plan.perBlock()) plan.sum(input.x, token * plan.length(), input.sums, token * shape.groups());
    }

    @Override
    public void decode(int panel, DecodeInput input, int tokens, Scratch scratch, float[] y) {
        if (product == null) throw new IllegalStateException("this grid has no decoding kernel");
        long address = data.address() + panel * shape.panelBytes();
        for (int t = 0; t < tokens; t++) {
            decodeOne(product, panel, address, input, t, scratch);
            System.arraycopy(scratch.tile, 0, y, t * rows() + firstRow(panel), rowsOf(panel));
        }
    }

    private void decodeOne(
            StripProduct product, int panel, long address, DecodeInput input, int token, Scratch scratch) {
        float[] x = input.x;
        float[] sums = input.sums;
        int at = token * plan.length();
        int sumsAt = token * shape.groups();
        if (plan.perBlock()) {
            plan.scale(shape.map().block(panel), x, at, scratch.x);
            plan.sum(scratch.x, 0, scratch.sums, 0);
            x = scratch.x;
            sums = scratch.sums;
            at = 0;
            sumsAt = 0;
        }
        Arrays.fill(scratch.tile, 0, PANEL, 0);
        int step = SIDE_BY_SIDE && sideBySide == null ? 1 : shape.sectionGroups();
        for (int g = 0; g < shape.groups(); g += step)
            decodeGroups(product, address, g, Math.min(shape.groups(), g + step), x, at, sums, sumsAt, scratch.tile);
        float unit = shape.layout().unit();
        for (int lane = 0; lane < PANEL; lane++) scratch.tile[lane] /= unit;
    }

    /** Adds what groups {@code from .. to - 1}, all of one section, contribute. */
    private void decodeGroups(
            StripProduct product,
            long address,
            int from,
            int to,
            float[] x,
            int at,
            float[] sums,
            int sumsAt,
            float[] tile) {
        long codes = address + shape.groupStart(0, from);
        long stride = address + shape.groupStart(STRIP, from) - codes;
        int entries = at + shape.granulesBefore(from) * shape.layout().entries();
        int groups = to - from;
        int last = shape.granulesBefore(to) - shape.granulesBefore(to - 1);
        if (sideBySide != null) {
            sideBySide.multiply(codes, stride, x, entries, sums, sumsAt + from, groups, shape.granules(), last, tile);
            return;
        }
        for (int lane = 0; lane < PANEL; lane += product.rows())
            product.multiply(
                    codes + lane / STRIP * stride + lane % STRIP * 4L,
                    x,
                    entries,
                    sums,
                    sumsAt + from,
                    shape.halves(),
                    groups,
                    shape.granules(),
                    last,
                    tile,
                    lane);
    }

    @Override
    public int blockEnd(int from) {
        int end = from + Scratch.BLOCK;
        if (end >= shape.columns()) return shape.columns();
        // a block begins at a group or a whole number of granules into one; every granule divides 32
        int intoGroup = end % shape.group();
        return end - intoGroup % 32;
    }

    @Override
    public void fill(int panel, int from, int to, Scratch scratch) {
        decoder.fill(data.address() + panel * shape.panelBytes(), from, to, scratch);
        if (!columnScale.none())
            PanelDecoder.scaleColumns(
                    scratch.panel, to - from, columnScale.values(), shape.map().block(panel) * shape.columns() + from);
    }
}
