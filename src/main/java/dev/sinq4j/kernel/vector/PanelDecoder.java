package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.BYTES;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.I2F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;
import static dev.sinq4j.kernel.vector.Lanes.QUAD;
import static dev.sinq4j.kernel.vector.Lanes.SAR;
import static dev.sinq4j.kernel.vector.Lanes.SHL;
import static dev.sinq4j.kernel.vector.Lanes.SHR;
import static dev.sinq4j.kernel.vector.PackedShape.AUX_PER_GROUP;
import static dev.sinq4j.kernel.vector.PackedShape.ROW;

import dev.sinq4j.weight.Grid;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Expands panels of a packed weight to fp32: {@code (level(code) - zero) * scale}, column by column. */
final class PanelDecoder {

    private final PackedShape shape;
    private final CodeLayout layout;
    private final float[] levels; // (2^bits); empty if the code is the level
    private final int[][] tops; // a split column: column, then word, shift, width, code shift of each piece

    PanelDecoder(PackedShape shape, Grid grid) {
        this.shape = shape;
        layout = shape.layout();
        levels = grid instanceof Grid.Codebook codebook ? codebook.levels() : new float[0];
        tops = tops(layout);
    }

    /** Scales and negated zeros of groups {@code from .. to - 1} as (groups, 2, PANEL) into {@code aux}. */
    void expandAuxiliaries(long panel, int from, int to, float[] aux) {
        long address = panel + (long) from * shape.groupAuxBytes();
        if (shape.halves()) expandHalves(address, to - from, aux);
        else expandSingles(address, to - from, aux);
    }

    /** Columns {@code from .. to - 1} of the panel at an address into {@link Scratch#panel}. */
    void fill(long panel, int from, int to, Scratch scratch) {
        if (from == to) return;
        int firstGroup = from / shape.group();
        int endGroup = (to - 1) / shape.group() + 1;
        expandAuxiliaries(panel, firstGroup, endGroup, scratch.aux);
        for (int g = firstGroup; g < endGroup; g++) {
            int start = Math.max(from, g * shape.group());
            int end = Math.min(to, shape.groupEnd(g));
            int granule = (start - g * shape.group()) / layout.columns();
            int count = Math.ceilDiv(end - start, layout.columns());
            long codes = panel + shape.auxBytes() + (long) (shape.granulesBefore(g) + granule) * shape.granuleBytes();
            int aux = (g - firstGroup) * AUX_PER_GROUP;
            for (int lane = 0; lane < PANEL; lane += QUAD)
                fillQuad(codes + 4L * lane, count, aux + lane, (start - from) * PANEL + lane, scratch);
            if (levels.length > 0) lookUp(scratch, aux, (start - from) * PANEL, (end - start) * PANEL);
        }
    }

    /** {@code panel(j, i) *= scale(j)}. */
    static void scaleColumns(float[] panel, int columns, float[] scale, int at) {
        for (int j = 0; j < columns; j++) {
            FloatVector s = FloatVector.broadcast(F, scale[at + j]);
            for (int i = j * PANEL; i < (j + 1) * PANEL; i += L)
                FloatVector.fromArray(F, panel, i).mul(s).intoArray(panel, i);
        }
    }

    private void fillQuad(long codes, int granules, int aux, int at, Scratch scratch) {
        boolean raw = levels.length > 0;
        whole(codes, granules * layout.words(), layout, scratch.aux, aux, raw, scratch.panel, at);
        for (int[] top : tops)
            for (int i = 0; i < QUAD; i += L)
                split(codes + 4L * i, granules, layout, top, scratch.aux, aux + i, raw, scratch.panel, at + i);
    }

    /** The codes that lie in one word each. */
    private static void whole(
            long codes, int words, CodeLayout layout, float[] aux, int auxAt, boolean raw, float[] panel, int at) {
        int bits = layout.bits();
        int perWord = layout.codesPerWord();
        int skipped = layout.columns() - layout.words() * perWord;
        IntVector mask = IntVector.broadcast(I, (1 << bits) - 1);
        FloatVector s0 = FloatVector.fromArray(F, aux, auxAt);
        FloatVector s1 = FloatVector.fromArray(F, aux, auxAt + L);
        FloatVector s2 = FloatVector.fromArray(F, aux, auxAt + 2 * L);
        FloatVector s3 = FloatVector.fromArray(F, aux, auxAt + 3 * L);
        FloatVector z0 = FloatVector.fromArray(F, aux, auxAt + PANEL).mul(s0);
        FloatVector z1 = FloatVector.fromArray(F, aux, auxAt + PANEL + L).mul(s1);
        FloatVector z2 = FloatVector.fromArray(F, aux, auxAt + PANEL + 2 * L).mul(s2);
        FloatVector z3 = FloatVector.fromArray(F, aux, auxAt + PANEL + 3 * L).mul(s3);
        if (raw) {
            s0 = s1 = s2 = s3 = FloatVector.broadcast(F, 1);
            z0 = z1 = z2 = z3 = FloatVector.zero(F);
        }
        int out = at;
        int wordOfGranule = 0;
        for (int word = 0; word < words; word++) {
            long from = codes + (long) word * ROW;
            IntVector p = IntVector.fromMemorySegment(I, ALL, from, LE);
            IntVector q = IntVector.fromMemorySegment(I, ALL, from + BYTES, LE);
            IntVector r = IntVector.fromMemorySegment(I, ALL, from + 2L * BYTES, LE);
            IntVector v = IntVector.fromMemorySegment(I, ALL, from + 3L * BYTES, LE);
            for (int i = 0; i < perWord; i++) {
                ((FloatVector) p.and(mask).convert(I2F, 0)).fma(s0, z0).intoArray(panel, out);
                ((FloatVector) q.and(mask).convert(I2F, 0)).fma(s1, z1).intoArray(panel, out + L);
                ((FloatVector) r.and(mask).convert(I2F, 0)).fma(s2, z2).intoArray(panel, out + 2 * L);
                ((FloatVector) v.and(mask).convert(I2F, 0)).fma(s3, z3).intoArray(panel, out + 3 * L);
                p = p.lanewise(SHR, bits);
                q = q.lanewise(SHR, bits);
                r = r.lanewise(SHR, bits);
                v = v.lanewise(SHR, bits);
                out += PANEL;
            }
            if (++wordOfGranule == layout.words()) {
                wordOfGranule = 0;
                out += skipped * PANEL;
            }
        }
    }

    /** The one column of each granule that is pieced together from several words. */
    private static void split(
            long codes,
            int granules,
            CodeLayout layout,
            int[] top,
            float[] aux,
            int auxAt,
            boolean raw,
            float[] panel,
            int at) {
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
            int out = at + (granule * layout.columns() + top[0]) * PANEL;
            ((FloatVector) code.convert(I2F, 0)).fma(s, z).intoArray(panel, out);
        }
    }

    private void lookUp(Scratch scratch, int aux, int from, int count) {
        float[] panel = scratch.panel;
        for (int i = from; i < from + count; i++) {
            int lane = i % PANEL;
            float scale = scratch.aux[aux + lane];
            panel[i] = Math.fma(levels[(int) panel[i]], scale, scratch.aux[aux + PANEL + lane] * scale);
        }
    }

    /**
     * fp16 to fp32 by moving exponent and mantissa to their fp32 places and correcting the exponent's bias by a
     * multiplication, which is exact and handles subnormals too.
     */
    private static void expandHalves(long address, int groups, float[] aux) {
        IntVector keep = IntVector.broadcast(I, 0x8FFFE000);
        FloatVector bias = FloatVector.broadcast(F, 0x1p112f);
        FloatVector minusBias = FloatVector.broadcast(F, -0x1p112f);
        for (int g = 0; g < groups; g++)
            for (int i = 0; i < PANEL; i += L) {
                IntVector pair = IntVector.fromMemorySegment(I, ALL, address + (long) g * ROW + 4L * i, LE);
                int at = g * AUX_PER_GROUP + i;
                pair.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(keep)
                        .reinterpretAsFloats()
                        .mul(bias)
                        .intoArray(aux, at);
                pair.lanewise(SAR, 3)
                        .and(keep)
                        .reinterpretAsFloats()
                        .mul(minusBias)
                        .intoArray(aux, at + PANEL);
            }
    }

    private static void expandSingles(long address, int groups, float[] aux) {
        for (int g = 0; g < groups; g++)
            for (int i = 0; i < PANEL; i += L) {
                long from = address + (long) g * 2 * ROW + 4L * i;
                int at = g * AUX_PER_GROUP + i;
                FloatVector.fromMemorySegment(F, ALL, from, LE).intoArray(aux, at);
                FloatVector.fromMemorySegment(F, ALL, from + ROW, LE).neg().intoArray(aux, at + PANEL);
            }
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
