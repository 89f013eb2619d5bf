package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.HalfBits.BIAS;
import static dev.sinq4j.kernel.vector.HalfBits.KEEP;
import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.I2F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;
import static dev.sinq4j.kernel.vector.Lanes.SAR;
import static dev.sinq4j.kernel.vector.Lanes.SHL;
import static dev.sinq4j.kernel.vector.Lanes.SHR;
import static dev.sinq4j.kernel.vector.PackedShape.ROW;

import dev.sinq4j.weight.Grid;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Expands panels of a packed weight to fp32: {@code (level(code) - zero) * scale}, column by column. */
final class PanelDecoder {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final PackedShape shape;
    private final CodeLayout layout;
    private final float[] levels; // (2^bits); empty if the code is the level
    private final int[] table; // the levels as one vector; empty if they do not fit it
    private final int[][] tops; // a split column: column, then word, shift, width, code shift of each piece

    PanelDecoder(PackedShape shape, Grid grid) {
        this.shape = shape;
        layout = shape.layout();
        levels = grid instanceof Grid.Codebook codebook ? codebook.levels() : new float[0];
        table = grid instanceof Grid.Codebook codebook && LevelTable.fits(codebook)
                ? LevelTable.of(codebook)
                : new int[0];
        tops = tops(layout);
    }

    /** Columns {@code from .. to - 1} of the panel at an address into {@link Scratch#panel}. */
    void fill(long panel, int from, int to, Scratch scratch) {
        for (int column = from; column < to; ) {
            int g = column / shape.group();
            int end = Math.min(to, shape.groupEnd(g));
            fillGroup(panel, g, column, end, scratch.panel + 4L * (column - from) * PANEL, scratch);
            column = end;
        }
    }

    private void fillGroup(long panel, int g, int from, int to, long at, Scratch scratch) {
        int granule = (from - g * shape.group()) / layout.columns();
        int count = Math.ceilDiv(to - from, layout.columns());
        boolean raw = levels.length > 0;
        for (int lane = 0; lane < PANEL; lane += L) {
            long group = panel + shape.groupStart(lane, g);
            if (shape.halves()) expandHalves(group, scratch.aux, lane);
            else expandSingles(group, scratch.aux, lane);
            long codes = group + shape.groupAuxBytes() + (long) granule * shape.granuleBytes();
            if (table.length > 0) {
                lookUp(codes, count * layout.words(), table, scratch.aux, lane, at + 4L * lane);
                continue;
            }
            whole(codes, count * layout.words(), layout, scratch.aux, lane, raw, at + 4L * lane);
            for (int[] top : tops) split(codes, count, layout, top, scratch.aux, lane, raw, at + 4L * lane);
        }
        if (raw && table.length == 0) lookUp(scratch.aux, at, (to - from) * PANEL);
    }

    /** {@code panel(j, i) *= scale(j)}. */
    static void scaleColumns(long panel, int columns, float[] scale, int at) {
        for (int j = 0; j < columns; j++) {
            FloatVector s = FloatVector.broadcast(F, scale[at + j]);
            for (int i = j * PANEL; i < (j + 1) * PANEL; i += L)
                FloatVector.fromMemorySegment(F, ALL, panel + 4L * i, LE)
                        .mul(s)
                        .intoMemorySegment(ALL, panel + 4L * i, LE);
        }
    }

    /** The codes that lie in one word each. */
    private static void whole(long codes, int words, CodeLayout layout, float[] aux, int auxAt, boolean raw, long at) {
        int bits = layout.bits();
        int perWord = layout.codesPerWord();
        int skipped = layout.columns() - layout.words() * perWord;
        IntVector mask = IntVector.broadcast(I, (1 << bits) - 1);
        FloatVector scale = FloatVector.fromArray(F, aux, auxAt);
        FloatVector minusZero = FloatVector.fromArray(F, aux, auxAt + PANEL).mul(scale);
        if (raw) {
            scale = FloatVector.broadcast(F, 1);
            minusZero = FloatVector.zero(F);
        }
        long out = at;
        int wordOfGranule = 0;
        for (int word = 0; word < words; word++) {
            long from = codes + (long) word * ROW;
            IntVector p = IntVector.fromMemorySegment(I, ALL, from, LE);
            for (int i = 0; i < perWord; i++) {
                ((FloatVector) p.and(mask).convert(I2F, 0))
                        .fma(scale, minusZero)
                        .intoMemorySegment(ALL, out, LE);
                p = p.lanewise(SHR, bits);
                out += 4 * PANEL;
            }
            if (++wordOfGranule == layout.words()) {
                wordOfGranule = 0;
                out += 4L * skipped * PANEL;
            }
        }
    }

    /** The one column of each granule that is pieced together from several words. */
    private static void split(
            long codes, int granules, CodeLayout layout, int[] top, float[] aux, int auxAt, boolean raw, long at) {
        FloatVector s = raw ? FloatVector.broadcast(F, 1) : FloatVector.fromArray(F, aux, auxAt);
        FloatVector z = raw
                ? FloatVector.zero(F)
                : FloatVector.fromArray(F, aux, auxAt + PANEL).mul(s);
        for (int granule = 0; granule < granules; granule++) {
            long from = codes + (long) granule * layout.words() * ROW;
            IntVector code = IntVector.zero(I);
            for (int piece = 1; piece < top.length; piece += 4) {
                IntVector bits = IntVector.fromMemorySegment(I, ALL, from + (long) top[piece] * ROW, LE)
                        .lanewise(SHR, top[piece + 1])
                        .and((1 << top[piece + 2]) - 1);
                code = code.or(bits.lanewise(SHL, top[piece + 3]));
            }
            long out = at + 4L * (granule * layout.columns() + top[0]) * PANEL;
            ((FloatVector) code.convert(I2F, 0)).fma(s, z).intoMemorySegment(ALL, out, LE);
        }
    }

    /** The same for a codebook that fits one vector. */
    private static void lookUp(long codes, int words, int[] table, float[] aux, int auxAt, long at) {
        IntVector levels = IntVector.fromArray(I, table, 0);
        FloatVector scale = FloatVector.fromArray(F, aux, auxAt);
        FloatVector minusZero = FloatVector.fromArray(F, aux, auxAt + PANEL).mul(scale);
        long out = at;
        for (int word = 0; word < words; word++) {
            IntVector p = IntVector.fromMemorySegment(I, ALL, codes + (long) word * ROW, LE);
            for (int i = 0; i < 8; i++) {
                p.selectFrom(levels).reinterpretAsFloats().fma(scale, minusZero).intoMemorySegment(ALL, out, LE);
                p = p.lanewise(SHR, 4);
                out += 4 * PANEL;
            }
        }
    }

    private void lookUp(float[] aux, long at, int count) {
        for (int i = 0; i < count; i++) {
            float scale = aux[i % PANEL];
            float level = levels[(int) ALL.get(FLOAT, at + 4L * i)];
            ALL.set(FLOAT, at + 4L * i, Math.fma(level, scale, aux[PANEL + i % PANEL] * scale));
        }
    }

    private static void expandHalves(long address, float[] aux, int lane) {
        IntVector keep = IntVector.broadcast(I, KEEP);
        IntVector pair = IntVector.fromMemorySegment(I, ALL, address, LE);
        pair.lanewise(SHL, 16)
                .lanewise(SAR, 3)
                .and(keep)
                .reinterpretAsFloats()
                .mul(BIAS)
                .intoArray(aux, lane);
        pair.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(-BIAS).intoArray(aux, PANEL + lane);
    }

    private static void expandSingles(long address, float[] aux, int lane) {
        FloatVector.fromMemorySegment(F, ALL, address, LE).intoArray(aux, lane);
        FloatVector.fromMemorySegment(F, ALL, address + ROW, LE).neg().intoArray(aux, PANEL + lane);
    }

    private static int[][] tops(CodeLayout layout) {
        int first = layout.words() * layout.codesPerWord();
        int[][] tops = new int[layout.columns() - first][];
        for (int i = 0; i < tops.length; i++) {
            int column = first + i;
            tops[i] = IntStream.concat(
                            IntStream.of(column),
                            layout.fields().stream()
                                    .filter(field -> field.column() == column)
                                    .flatMapToInt(field -> IntStream.of(
                                            field.word(), field.shift(), field.width(), field.codeShift())))
                    .toArray();
        }
        return tops;
    }
}
