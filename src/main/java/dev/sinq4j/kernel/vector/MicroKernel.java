package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.QUAD;

import jdk.incubator.vector.FloatVector;

/**
 * {@code C = A B}, or {@code C += A B}, on blocks that stay in cache, a few rows of A and a quad of columns of B at a time:
 * every number of C is one chain of fused multiply-adds in ascending order, whatever the sizes around it.
 */
final class MicroKernel {

    /** Rows of one tile of a packed A, see {@link #multiplyTiles}. */
    static final int TILE = 6;

    /** Whether the vector unit has registers for six rows; 512-bit ones have 32. */
    private static final boolean WIDE = L == 16;

    private MicroKernel() {}

    /**
     * @param a       (rows, depth), row stride {@code lda}
     * @param b       (depth, columns), row stride {@code ldb}
     * @param c       (rows, columns), row stride {@code ldc}
     * @param columns a multiple of QUAD
     * @param add     whether to add to C, which otherwise is overwritten
     */
    static void multiply(
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
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
            int bq = bAt + column;
            int cq = cAt + column;
            for (; WIDE && row <= rows - 6; row += 6)
                six(a, aAt + row * lda, lda, 1, b, bq, ldb, c, cq + row * ldc, ldc, depth, add);
            if (WIDE && row <= rows - 4) {
                four(a, aAt + row * lda, lda, 1, b, bq, ldb, c, cq + row * ldc, ldc, depth, add);
                row += 4;
            }
            for (; row <= rows - 2; row += 2)
                two(a, aAt + row * lda, lda, 1, b, bq, ldb, c, cq + row * ldc, ldc, depth, add);
            if (row < rows) one(a, aAt + row * lda, 1, b, bq, ldb, c, cq + row * ldc, depth, add);
        }
    }

    /**
     * The same for an A packed in tiles of {@link #TILE} rows, (tiles, depth of all blocks, TILE), so that memory is read in
     * one stream.
     *
     * @param aAt    of the first tile's block
     * @param stride from one tile to the next
     * @param c      (tiles * TILE, columns), row stride {@code ldc}
     */
    static void multiplyTiles(
            float[] a,
            int aAt,
            int stride,
            float[] b,
            int ldb,
            float[] c,
            int ldc,
            int tiles,
            int depth,
            int columns,
            boolean add) {
        for (int column = 0; column < columns; column += QUAD)
            for (int tile = 0; tile < tiles; tile++) {
                int at = aAt + tile * stride;
                int to = tile * TILE * ldc + column;
                if (WIDE) six(a, at, 1, TILE, b, column, ldb, c, to, ldc, depth, add);
                else
                    for (int row = 0; row < TILE; row += 2)
                        two(a, at + row, 1, TILE, b, column, ldb, c, to + row * ldc, ldc, depth, add);
            }
    }

    private static void six(
            float[] a,
            int aAt,
            int lda,
            int step,
            float[] b,
            int bAt,
            int ldb,
            float[] c,
            int cAt,
            int ldc,
            int depth,
            boolean add) {
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
        int p = bAt;
        int q = aAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(F, b, p);
            FloatVector b1 = FloatVector.fromArray(F, b, p + L);
            FloatVector b2 = FloatVector.fromArray(F, b, p + 2 * L);
            FloatVector b3 = FloatVector.fromArray(F, b, p + 3 * L);
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
            p += ldb;
            q += step;
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

    private static void four(
            float[] a,
            int aAt,
            int lda,
            int step,
            float[] b,
            int bAt,
            int ldb,
            float[] c,
            int cAt,
            int ldc,
            int depth,
            boolean add) {
        int c1 = cAt + ldc;
        int c2 = cAt + 2 * ldc;
        int c3 = cAt + 3 * ldc;
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
        int p = bAt;
        int q = aAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(F, b, p);
            FloatVector b1 = FloatVector.fromArray(F, b, p + L);
            FloatVector b2 = FloatVector.fromArray(F, b, p + 2 * L);
            FloatVector b3 = FloatVector.fromArray(F, b, p + 3 * L);
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
            p += ldb;
            q += step;
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
    }

    private static void two(
            float[] a,
            int aAt,
            int lda,
            int step,
            float[] b,
            int bAt,
            int ldb,
            float[] c,
            int cAt,
            int ldc,
            int depth,
            boolean add) {
        int c1 = cAt + ldc;
        FloatVector s00 = add ? FloatVector.fromArray(F, c, cAt) : FloatVector.zero(F);
        FloatVector s01 = add ? FloatVector.fromArray(F, c, cAt + L) : FloatVector.zero(F);
        FloatVector s02 = add ? FloatVector.fromArray(F, c, cAt + 2 * L) : FloatVector.zero(F);
        FloatVector s03 = add ? FloatVector.fromArray(F, c, cAt + 3 * L) : FloatVector.zero(F);
        FloatVector s10 = add ? FloatVector.fromArray(F, c, c1) : FloatVector.zero(F);
        FloatVector s11 = add ? FloatVector.fromArray(F, c, c1 + L) : FloatVector.zero(F);
        FloatVector s12 = add ? FloatVector.fromArray(F, c, c1 + 2 * L) : FloatVector.zero(F);
        FloatVector s13 = add ? FloatVector.fromArray(F, c, c1 + 3 * L) : FloatVector.zero(F);
        int p = bAt;
        int q = aAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(F, b, p);
            FloatVector b1 = FloatVector.fromArray(F, b, p + L);
            FloatVector b2 = FloatVector.fromArray(F, b, p + 2 * L);
            FloatVector b3 = FloatVector.fromArray(F, b, p + 3 * L);
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
            p += ldb;
            q += step;
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

    private static void one(
            float[] a, int aAt, int step, float[] b, int bAt, int ldb, float[] c, int cAt, int depth, boolean add) {
        FloatVector s00 = add ? FloatVector.fromArray(F, c, cAt) : FloatVector.zero(F);
        FloatVector s01 = add ? FloatVector.fromArray(F, c, cAt + L) : FloatVector.zero(F);
        FloatVector s02 = add ? FloatVector.fromArray(F, c, cAt + 2 * L) : FloatVector.zero(F);
        FloatVector s03 = add ? FloatVector.fromArray(F, c, cAt + 3 * L) : FloatVector.zero(F);
        int p = bAt;
        int q = aAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(F, b, p);
            FloatVector b1 = FloatVector.fromArray(F, b, p + L);
            FloatVector b2 = FloatVector.fromArray(F, b, p + 2 * L);
            FloatVector b3 = FloatVector.fromArray(F, b, p + 3 * L);
            FloatVector t = FloatVector.broadcast(F, a[q]);
            s00 = t.fma(b0, s00);
            s01 = t.fma(b1, s01);
            s02 = t.fma(b2, s02);
            s03 = t.fma(b3, s03);
            p += ldb;
            q += step;
        }
        s00.intoArray(c, cAt);
        s01.intoArray(c, cAt + L);
        s02.intoArray(c, cAt + 2 * L);
        s03.intoArray(c, cAt + 3 * L);
    }
}
