package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.BYTES;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * {@link MicroKernel} for an A packed in tiles and panels of B: every stride is a constant. With strides in variables C2 runs
 * out of registers, keeps addresses in vector registers and loses a tenth.
 */
final class TileKernel {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /** Rows of one tile of a packed A. */
    static final int TILE = 6;

    /** Whether the vector unit has registers for six rows of four vectors; 512-bit ones have 32. */
    private static final boolean WIDE = L == 16;

    /**
     * Numbers from one column of a tile to the next. With a power of two C2 checks bounds once for all columns; where a column
     * is but twelve multiplications, checking each number takes as long as they do.
     */
    static final int STEP = WIDE ? TILE : 8;

    private TileKernel() {}

    /**
     * {@code C = A B}, or {@code C += A B}.
     *
     * @param a      address of (tiles, depth of all blocks, TILE of STEP), so that memory is read in one stream
     * @param stride bytes from one tile to the next
     * @param b      address of (depth, PANEL), see {@link AlignedNumbers}
     * @param c      (tiles * TILE, PANEL)
     * @param add    whether to add to C, which otherwise is overwritten
     */
    static void multiply(long a, long stride, long b, float[] c, int tiles, int depth, boolean add) {
        int width = WIDE ? 4 * L : 2 * L;
        for (int column = 0; column < PANEL; column += width)
            for (int tile = 0; tile < tiles; tile++) {
                long from = a + tile * stride;
                int to = tile * TILE * PANEL + column;
                if (WIDE) wide(from, b + 4L * column, c, to, depth, add);
                else narrow(from, b + 4L * column, c, to, depth, add);
            }
    }

    /** Six rows of four vectors. */
    private static void wide(long a, long b, float[] c, int cAt, int depth, boolean add) {
        int c1 = cAt + PANEL;
        int c2 = cAt + 2 * PANEL;
        int c3 = cAt + 3 * PANEL;
        int c4 = cAt + 4 * PANEL;
        int c5 = cAt + 5 * PANEL;
        FloatVector s00 = add ? FloatVector.fromArray(F, c, cAt) : FloatVector.zero(F);
        FloatVector s01 = add ? FloatVector.fromArray(F, c, cAt + L) : FloatVector.zero(F);
        FloatVector s02 = add ? FloatVector.fromArray(F, c, cAt + 2 * L) : FloatVector.zero(F);
        FloatVector s03 = add ? FloatVector.fromArray(F, c, cAt + 3 * L) : FloatVector.zero(F);
        FloatVector s10 = add ? FloatVector.fromArray(F, c, c1) : FloatVector.zero(F);
        FloatVector s11 = add ? FloatVector.fromArray(F, c, c1 + L) : FloatVector.zero(F);
        FloatVector s12 = add ? FloatVector.fromArray(F, c, c1 + 2 * L) : FloatVector.zero(F);
        FloatVector s13 = add ? FloatVector.fromArray(F, c, c1 + 3 * L) : FloatVector.zero(F);
        FloatVector s20 = add ? FloatVector.fromArray(F, c, c2) : FloatVector.zero(F);
        FloatVector s21 = add ? FloatVector.fromArray(F, c, c2 + L) : FloatVector.zero(F);
        FloatVector s22 = add ? FloatVector.fromArray(F, c, c2 + 2 * L) : FloatVector.zero(F);
        FloatVector s23 = add ? FloatVector.fromArray(F, c, c2 + 3 * L) : FloatVector.zero(F);
        FloatVector s30 = add ? FloatVector.fromArray(F, c, c3) : FloatVector.zero(F);
        FloatVector s31 = add ? FloatVector.fromArray(F, c, c3 + L) : FloatVector.zero(F);
        FloatVector s32 = add ? FloatVector.fromArray(F, c, c3 + 2 * L) : FloatVector.zero(F);
        FloatVector s33 = add ? FloatVector.fromArray(F, c, c3 + 3 * L) : FloatVector.zero(F);
        FloatVector s40 = add ? FloatVector.fromArray(F, c, c4) : FloatVector.zero(F);
        FloatVector s41 = add ? FloatVector.fromArray(F, c, c4 + L) : FloatVector.zero(F);
        FloatVector s42 = add ? FloatVector.fromArray(F, c, c4 + 2 * L) : FloatVector.zero(F);
        FloatVector s43 = add ? FloatVector.fromArray(F, c, c4 + 3 * L) : FloatVector.zero(F);
        FloatVector s50 = add ? FloatVector.fromArray(F, c, c5) : FloatVector.zero(F);
        FloatVector s51 = add ? FloatVector.fromArray(F, c, c5 + L) : FloatVector.zero(F);
        FloatVector s52 = add ? FloatVector.fromArray(F, c, c5 + 2 * L) : FloatVector.zero(F);
        FloatVector s53 = add ? FloatVector.fromArray(F, c, c5 + 3 * L) : FloatVector.zero(F);
        long p = b;
        long q = a;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, p, LE);
            FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, p + BYTES, LE);
            FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, p + 2L * BYTES, LE);
            FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, p + 3L * BYTES, LE);
            FloatVector t = IntVector.broadcast(I, ALL.get(INT, q)).reinterpretAsFloats();
            s00 = t.fma(b0, s00);
            s01 = t.fma(b1, s01);
            s02 = t.fma(b2, s02);
            s03 = t.fma(b3, s03);
            t = IntVector.broadcast(I, ALL.get(INT, q + 4)).reinterpretAsFloats();
            s10 = t.fma(b0, s10);
            s11 = t.fma(b1, s11);
            s12 = t.fma(b2, s12);
            s13 = t.fma(b3, s13);
            t = IntVector.broadcast(I, ALL.get(INT, q + 8)).reinterpretAsFloats();
            s20 = t.fma(b0, s20);
            s21 = t.fma(b1, s21);
            s22 = t.fma(b2, s22);
            s23 = t.fma(b3, s23);
            t = IntVector.broadcast(I, ALL.get(INT, q + 12)).reinterpretAsFloats();
            s30 = t.fma(b0, s30);
            s31 = t.fma(b1, s31);
            s32 = t.fma(b2, s32);
            s33 = t.fma(b3, s33);
            t = IntVector.broadcast(I, ALL.get(INT, q + 16)).reinterpretAsFloats();
            s40 = t.fma(b0, s40);
            s41 = t.fma(b1, s41);
            s42 = t.fma(b2, s42);
            s43 = t.fma(b3, s43);
            t = IntVector.broadcast(I, ALL.get(INT, q + 20)).reinterpretAsFloats();
            s50 = t.fma(b0, s50);
            s51 = t.fma(b1, s51);
            s52 = t.fma(b2, s52);
            s53 = t.fma(b3, s53);
            p += 4 * PANEL;
            q += 4L * STEP;
        }
        s00.intoArray(c, cAt);
        s01.intoArray(c, cAt + L);
        s02.intoArray(c, cAt + 2 * L);
        s03.intoArray(c, cAt + 3 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s13.intoArray(c, c1 + 3 * L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s22.intoArray(c, c2 + 2 * L);
        s23.intoArray(c, c2 + 3 * L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s32.intoArray(c, c3 + 2 * L);
        s33.intoArray(c, c3 + 3 * L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s42.intoArray(c, c4 + 2 * L);
        s43.intoArray(c, c4 + 3 * L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
        s52.intoArray(c, c5 + 2 * L);
        s53.intoArray(c, c5 + 3 * L);
    }

    /** Six rows of two vectors. The fences keep C2 from broadcasting all six numbers first, for which it has no registers. */
    private static void narrow(long a, long b, float[] c, int cAt, int depth, boolean add) {
        int c1 = cAt + PANEL;
        int c2 = cAt + 2 * PANEL;
        int c3 = cAt + 3 * PANEL;
        int c4 = cAt + 4 * PANEL;
        int c5 = cAt + 5 * PANEL;
        FloatVector s00 = add ? FloatVector.fromArray(F, c, cAt) : FloatVector.zero(F);
        FloatVector s01 = add ? FloatVector.fromArray(F, c, cAt + L) : FloatVector.zero(F);
        FloatVector s10 = add ? FloatVector.fromArray(F, c, c1) : FloatVector.zero(F);
        FloatVector s11 = add ? FloatVector.fromArray(F, c, c1 + L) : FloatVector.zero(F);
        FloatVector s20 = add ? FloatVector.fromArray(F, c, c2) : FloatVector.zero(F);
        FloatVector s21 = add ? FloatVector.fromArray(F, c, c2 + L) : FloatVector.zero(F);
        FloatVector s30 = add ? FloatVector.fromArray(F, c, c3) : FloatVector.zero(F);
        FloatVector s31 = add ? FloatVector.fromArray(F, c, c3 + L) : FloatVector.zero(F);
        FloatVector s40 = add ? FloatVector.fromArray(F, c, c4) : FloatVector.zero(F);
        FloatVector s41 = add ? FloatVector.fromArray(F, c, c4 + L) : FloatVector.zero(F);
        FloatVector s50 = add ? FloatVector.fromArray(F, c, c5) : FloatVector.zero(F);
        FloatVector s51 = add ? FloatVector.fromArray(F, c, c5 + L) : FloatVector.zero(F);
        long p = b;
        long q = a;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, p, LE);
            FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, p + BYTES, LE);
            FloatVector t = IntVector.broadcast(I, ALL.get(INT, q)).reinterpretAsFloats();
            s00 = t.fma(b0, s00);
            s01 = t.fma(b1, s01);
            VarHandle.loadLoadFence();
            t = IntVector.broadcast(I, ALL.get(INT, q + 4)).reinterpretAsFloats();
            s10 = t.fma(b0, s10);
            s11 = t.fma(b1, s11);
            VarHandle.loadLoadFence();
            t = IntVector.broadcast(I, ALL.get(INT, q + 8)).reinterpretAsFloats();
            s20 = t.fma(b0, s20);
            s21 = t.fma(b1, s21);
            VarHandle.loadLoadFence();
            t = IntVector.broadcast(I, ALL.get(INT, q + 12)).reinterpretAsFloats();
            s30 = t.fma(b0, s30);
            s31 = t.fma(b1, s31);
            VarHandle.loadLoadFence();
            t = IntVector.broadcast(I, ALL.get(INT, q + 16)).reinterpretAsFloats();
            s40 = t.fma(b0, s40);
            s41 = t.fma(b1, s41);
            VarHandle.loadLoadFence();
            t = IntVector.broadcast(I, ALL.get(INT, q + 20)).reinterpretAsFloats();
            s50 = t.fma(b0, s50);
            s51 = t.fma(b1, s51);
            p += 4 * PANEL;
            q += 4L * STEP;
        }
        s00.intoArray(c, cAt);
        s01.intoArray(c, cAt + L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
    }
}
