package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.HalfBits.BIAS;
import static dev.sinq4j.kernel.vector.HalfBits.KEEP;
import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;
import static dev.sinq4j.kernel.vector.Lanes.SAR;
import static dev.sinq4j.kernel.vector.Lanes.SHL;

import dev.sinq4j.tensor.DType;
import jdk.incubator.vector.IntVector;

/**
 * Transposes L stored rows x L words (of one fp32 or two 16-bit numbers) into a panel. Every round exchanges blocks of d x d
 * words between rows d apart, d = L / 2 down to 1. The rounds go through an array, because with all rows in registers the
 * method grows past what C1 can compile, and what C1 cannot compile never reaches C2.
 */
final class WordBlock {

    /** For each distance d, from 1 up: lanes of the first and of the second row after the exchange, out of both rows'. */
    private static final int[] LANES = lanes();

    private WordBlock() {}

    /**
     * @param from   address of the first word
     * @param stride bytes from row to row
     * @param block  L x L words of scratch
     * @param to     address; column j of row i goes to the {@code j * PANEL + i}-th number from there
     */
    static void transpose(long from, long stride, DType dtype, int[] block, long to) {
        for (int row = 0; row < L; row++)
            IntVector.fromMemorySegment(I, ALL, from + row * stride, LE).intoArray(block, row * L);
        int lanes = LANES.length;
        for (int distance = L / 2; distance > 0; distance /= 2) {
            lanes -= 2 * L;
            exchange(block, distance, lanes);
        }
        switch (dtype) {
            case F32 -> storeSingles(block, to);
            case BF16 -> storeBrains(block, to);
            default -> storeHalves(block, to);
        }
    }

    private static void exchange(int[] block, int distance, int lanes) {
        IntVector first = IntVector.fromArray(I, LANES, lanes);
        IntVector second = IntVector.fromArray(I, LANES, lanes + L);
        for (int base = 0; base < L; base += 2 * distance)
            for (int row = base; row < base + distance; row++) {
                IntVector a = IntVector.fromArray(I, block, row * L);
                IntVector b = IntVector.fromArray(I, block, (row + distance) * L);
                first.selectFrom(a, b).intoArray(block, row * L);
                second.selectFrom(a, b).intoArray(block, (row + distance) * L);
            }
    }

    private static void storeSingles(int[] block, long to) {
        for (int j = 0; j < L; j++)
            IntVector.fromArray(I, block, j * L).reinterpretAsFloats().intoMemorySegment(ALL, to + 4L * j * PANEL, LE);
    }

    private static void storeBrains(int[] block, long to) {
        for (int j = 0; j < L; j++) {
            IntVector pair = IntVector.fromArray(I, block, j * L);
            long even = to + 8L * j * PANEL;
            pair.lanewise(SHL, 16).reinterpretAsFloats().intoMemorySegment(ALL, even, LE);
            pair.and(0xFFFF0000).reinterpretAsFloats().intoMemorySegment(ALL, even + 4L * PANEL, LE);
        }
    }

    private static void storeHalves(int[] block, long to) {
        for (int j = 0; j < L; j++) {
            IntVector pair = IntVector.fromArray(I, block, j * L);
            long even = to + 8L * j * PANEL;
            pair.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(KEEP)
                    .reinterpretAsFloats()
                    .mul(BIAS)
                    .intoMemorySegment(ALL, even, LE);
            pair.lanewise(SAR, 3)
                    .and(KEEP)
                    .reinterpretAsFloats()
                    .mul(BIAS)
                    .intoMemorySegment(ALL, even + 4L * PANEL, LE);
        }
    }

    private static int[] lanes() {
        int[] lanes = new int[2 * L * Integer.numberOfTrailingZeros(L)];
        int at = 0;
        for (int distance = 1; distance < L; distance *= 2) {
            for (int l = 0; l < L; l++) {
                boolean own = (l & distance) == 0;
                lanes[at + l] = own ? l : L + l - distance;
                lanes[at + L + l] = own ? l + distance : L + l;
            }
            at += 2 * L;
        }
        return lanes;
    }
}
