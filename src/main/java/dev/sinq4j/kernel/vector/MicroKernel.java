package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.BYTES;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.QUAD;

import jdk.incubator.vector.FloatVector;

/**
 * {@code C = A B}, or {@code C += A B}, on blocks that stay in cache, a few rows of A and a quad of columns of B at a time:
 * every number of C is one chain of fused multiply-adds in ascending order, whatever the sizes around it.
 */
final class MicroKernel {

    /** Whether the vector unit has registers for six rows; 512-bit ones have 32. */
    private static final boolean WIDE = L == 16;

    private MicroKernel() {}

    /**
     * @param a       (rows, depth), row stride {@code lda}
     * @param b       address of (depth, columns), row stride {@code ldb} numbers; see {@link AlignedNumbers}
     * @param c       (rows, columns), row stride {@code ldc}
     * @param columns a multiple of QUAD
     * @param add     whether to add to C, which otherwise is overwritten
     */
    static void multiply(
            float[] a,
            int aAt,
            int lda,
            long b,
            int ldb,
            float[] c,
            int cAt,
            int ldc,
            int rows,
            int depth,
            int columns,
            boolean add) {
        for (int column = 0; column < columns; column += QUAD) {
            int row = 0;
            long bq = b + 4L * column;
            int cq = cAt + column;
            for (; WIDE && row <= rows - 6; row += 6)
                six(a, aAt + row * lda, lda, bq, ldb, c, cq + row * ldc, ldc, depth, add);
            for (; row <= rows - 2; row += 2) two(a, aAt + row * lda, lda, bq, ldb, c, cq + row * ldc, ldc, depth, add);
            if (row < rows) one(a, aAt + row * lda, bq, ldb, c, cq + row * ldc, depth, add);
        }
    }

    private static void six(
            float[] a, int aAt, int lda, long b, int ldb, float[] c, int cAt, int ldc, int depth, boolean add) {
        int c1 = cAt + ldc;
        int c2 = cAt + 2 * ldc;
        int c3 = cAt + 3 * ldc;
        int c4 = cAt + 4 * ldc;
        int c5 = cAt + 5 * ldc;
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
        int q = aAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, p, LE);
            FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, p + BYTES, LE);
            FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, p + 2L * BYTES, LE);
            FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, p + 3L * BYTES, LE);
            FloatVector t = FloatVector.broadcast(F, a[q]);
            s00 = t.fma(b0, s00);
            s01 = t.fma(b1, s01);
            s02 = t.fma(b2, s02);
            s03 = t.fma(b3, s03);
            t = FloatVector.broadcast(F, a[q + lda]);
            s10 = t.fma(b0, s10);
            s11 = t.fma(b1, s11);
            s12 = t.fma(b2, s12);
            s13 = t.fma(b3, s13);
            t = FloatVector.broadcast(F, a[q + 2 * lda]);
            s20 = t.fma(b0, s20);
            s21 = t.fma(b1, s21);
            s22 = t.fma(b2, s22);
            s23 = t.fma(b3, s23);
            t = FloatVector.broadcast(F, a[q + 3 * lda]);
            s30 = t.fma(b0, s30);
            s31 = t.fma(b1, s31);
            s32 = t.fma(b2, s32);
            s33 = t.fma(b3, s33);
            t = FloatVector.broadcast(F, a[q + 4 * lda]);
            s40 = t.fma(b0, s40);
            s41 = t.fma(b1, s41);
            s42 = t.fma(b2, s42);
            s43 = t.fma(b3, s43);
            t = FloatVector.broadcast(F, a[q + 5 * lda]);
            s50 = t.fma(b0, s50);
            s51 = t.fma(b1, s51);
            s52 = t.fma(b2, s52);
            s53 = t.fma(b3, s53);
            p += 4L * ldb;
            q++;
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

    private static void two(
            float[] a, int aAt, int lda, long b, int ldb, float[] c, int cAt, int ldc, int depth, boolean add) {
        int c1 = cAt + ldc;
        FloatVector s00 = add ? FloatVector.fromArray(F, c, cAt) : FloatVector.zero(F);
        FloatVector s01 = add ? FloatVector.fromArray(F, c, cAt + L) : FloatVector.zero(F);
        FloatVector s02 = add ? FloatVector.fromArray(F, c, cAt + 2 * L) : FloatVector.zero(F);
        FloatVector s03 = add ? FloatVector.fromArray(F, c, cAt + 3 * L) : FloatVector.zero(F);
        FloatVector s10 = add ? FloatVector.fromArray(F, c, c1) : FloatVector.zero(F);
        FloatVector s11 = add ? FloatVector.fromArray(F, c, c1 + L) : FloatVector.zero(F);
        FloatVector s12 = add ? FloatVector.fromArray(F, c, c1 + 2 * L) : FloatVector.zero(F);
        FloatVector s13 = add ? FloatVector.fromArray(F, c, c1 + 3 * L) : FloatVector.zero(F);
        long p = b;
        int q = aAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, p, LE);
            FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, p + BYTES, LE);
            FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, p + 2L * BYTES, LE);
            FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, p + 3L * BYTES, LE);
            FloatVector t = FloatVector.broadcast(F, a[q]);
            s00 = t.fma(b0, s00);
            s01 = t.fma(b1, s01);
            s02 = t.fma(b2, s02);
            s03 = t.fma(b3, s03);
            t = FloatVector.broadcast(F, a[q + lda]);
            s10 = t.fma(b0, s10);
            s11 = t.fma(b1, s11);
            s12 = t.fma(b2, s12);
            s13 = t.fma(b3, s13);
            p += 4L * ldb;
            q++;
        }
        s00.intoArray(c, cAt);
        s01.intoArray(c, cAt + L);
        s02.intoArray(c, cAt + 2 * L);
        s03.intoArray(c, cAt + 3 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s13.intoArray(c, c1 + 3 * L);
    }

    private static void one(float[] a, int aAt, long b, int ldb, float[] c, int cAt, int depth, boolean add) {
        FloatVector s00 = add ? FloatVector.fromArray(F, c, cAt) : FloatVector.zero(F);
        FloatVector s01 = add ? FloatVector.fromArray(F, c, cAt + L) : FloatVector.zero(F);
        FloatVector s02 = add ? FloatVector.fromArray(F, c, cAt + 2 * L) : FloatVector.zero(F);
        FloatVector s03 = add ? FloatVector.fromArray(F, c, cAt + 3 * L) : FloatVector.zero(F);
        long p = b;
        int q = aAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, p, LE);
            FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, p + BYTES, LE);
            FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, p + 2L * BYTES, LE);
            FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, p + 3L * BYTES, LE);
            FloatVector t = FloatVector.broadcast(F, a[q]);
            s00 = t.fma(b0, s00);
            s01 = t.fma(b1, s01);
            s02 = t.fma(b2, s02);
            s03 = t.fma(b3, s03);
            p += 4L * ldb;
            q++;
        }
        s00.intoArray(c, cAt);
        s01.intoArray(c, cAt + L);
        s02.intoArray(c, cAt + 2 * L);
        s03.intoArray(c, cAt + 3 * L);
    }
}
