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
 * Transposes 16 stored rows x 16 words (16 fp32 or 32 sixteen-bit numbers) into a panel, in registers; for 512-bit vectors
 * only. Four rounds exchange blocks of 8, 4, 2 and 1 lanes between rows so many apart.
 */
final class WordBlock {

    /** Rows and words of a block; blocks exist only where this is the vector's length. */
    static final int SIZE = 16;

    /** Whether this vector width has them. */
    static final boolean AVAILABLE = L == SIZE;

    // lane l of the first and of the second row of an exchange, out of the two rows' 32 lanes
    private static final IntVector FIRST_8 = first(8);
    private static final IntVector SECOND_8 = second(8);
    private static final IntVector FIRST_4 = first(4);
    private static final IntVector SECOND_4 = second(4);
    private static final IntVector FIRST_2 = first(2);
    private static final IntVector SECOND_2 = second(2);
    private static final IntVector FIRST_1 = first(1);
    private static final IntVector SECOND_1 = second(1);

    private WordBlock() {}

    /**
     * @param from   address of the first word
     * @param stride bytes from row to row
     * @param panel  column j of row i goes to {@code panel[at + j * PANEL + i]}
     */
    static void transpose(long from, long stride, DType dtype, float[] panel, int at) {
        IntVector r0 = IntVector.fromMemorySegment(I, ALL, from, LE);
        IntVector r1 = IntVector.fromMemorySegment(I, ALL, from + stride, LE);
        IntVector r2 = IntVector.fromMemorySegment(I, ALL, from + 2 * stride, LE);
        IntVector r3 = IntVector.fromMemorySegment(I, ALL, from + 3 * stride, LE);
        IntVector r4 = IntVector.fromMemorySegment(I, ALL, from + 4 * stride, LE);
        IntVector r5 = IntVector.fromMemorySegment(I, ALL, from + 5 * stride, LE);
        IntVector r6 = IntVector.fromMemorySegment(I, ALL, from + 6 * stride, LE);
        IntVector r7 = IntVector.fromMemorySegment(I, ALL, from + 7 * stride, LE);
        IntVector r8 = IntVector.fromMemorySegment(I, ALL, from + 8 * stride, LE);
        IntVector r9 = IntVector.fromMemorySegment(I, ALL, from + 9 * stride, LE);
        IntVector r10 = IntVector.fromMemorySegment(I, ALL, from + 10 * stride, LE);
        IntVector r11 = IntVector.fromMemorySegment(I, ALL, from + 11 * stride, LE);
        IntVector r12 = IntVector.fromMemorySegment(I, ALL, from + 12 * stride, LE);
        IntVector r13 = IntVector.fromMemorySegment(I, ALL, from + 13 * stride, LE);
        IntVector r14 = IntVector.fromMemorySegment(I, ALL, from + 14 * stride, LE);
        IntVector r15 = IntVector.fromMemorySegment(I, ALL, from + 15 * stride, LE);
        IntVector t;
        t = FIRST_8.selectFrom(r0, r8);
        r8 = SECOND_8.selectFrom(r0, r8);
        r0 = t;
        t = FIRST_8.selectFrom(r1, r9);
        r9 = SECOND_8.selectFrom(r1, r9);
        r1 = t;
        t = FIRST_8.selectFrom(r2, r10);
        r10 = SECOND_8.selectFrom(r2, r10);
        r2 = t;
        t = FIRST_8.selectFrom(r3, r11);
        r11 = SECOND_8.selectFrom(r3, r11);
        r3 = t;
        t = FIRST_8.selectFrom(r4, r12);
        r12 = SECOND_8.selectFrom(r4, r12);
        r4 = t;
        t = FIRST_8.selectFrom(r5, r13);
        r13 = SECOND_8.selectFrom(r5, r13);
        r5 = t;
        t = FIRST_8.selectFrom(r6, r14);
        r14 = SECOND_8.selectFrom(r6, r14);
        r6 = t;
        t = FIRST_8.selectFrom(r7, r15);
        r15 = SECOND_8.selectFrom(r7, r15);
        r7 = t;
        t = FIRST_4.selectFrom(r0, r4);
        r4 = SECOND_4.selectFrom(r0, r4);
        r0 = t;
        t = FIRST_4.selectFrom(r1, r5);
        r5 = SECOND_4.selectFrom(r1, r5);
        r1 = t;
        t = FIRST_4.selectFrom(r2, r6);
        r6 = SECOND_4.selectFrom(r2, r6);
        r2 = t;
        t = FIRST_4.selectFrom(r3, r7);
        r7 = SECOND_4.selectFrom(r3, r7);
        r3 = t;
        t = FIRST_4.selectFrom(r8, r12);
        r12 = SECOND_4.selectFrom(r8, r12);
        r8 = t;
        t = FIRST_4.selectFrom(r9, r13);
        r13 = SECOND_4.selectFrom(r9, r13);
        r9 = t;
        t = FIRST_4.selectFrom(r10, r14);
        r14 = SECOND_4.selectFrom(r10, r14);
        r10 = t;
        t = FIRST_4.selectFrom(r11, r15);
        r15 = SECOND_4.selectFrom(r11, r15);
        r11 = t;
        t = FIRST_2.selectFrom(r0, r2);
        r2 = SECOND_2.selectFrom(r0, r2);
        r0 = t;
        t = FIRST_2.selectFrom(r1, r3);
        r3 = SECOND_2.selectFrom(r1, r3);
        r1 = t;
        t = FIRST_2.selectFrom(r4, r6);
        r6 = SECOND_2.selectFrom(r4, r6);
        r4 = t;
        t = FIRST_2.selectFrom(r5, r7);
        r7 = SECOND_2.selectFrom(r5, r7);
        r5 = t;
        t = FIRST_2.selectFrom(r8, r10);
        r10 = SECOND_2.selectFrom(r8, r10);
        r8 = t;
        t = FIRST_2.selectFrom(r9, r11);
        r11 = SECOND_2.selectFrom(r9, r11);
        r9 = t;
        t = FIRST_2.selectFrom(r12, r14);
        r14 = SECOND_2.selectFrom(r12, r14);
        r12 = t;
        t = FIRST_2.selectFrom(r13, r15);
        r15 = SECOND_2.selectFrom(r13, r15);
        r13 = t;
        t = FIRST_1.selectFrom(r0, r1);
        r1 = SECOND_1.selectFrom(r0, r1);
        r0 = t;
        t = FIRST_1.selectFrom(r2, r3);
        r3 = SECOND_1.selectFrom(r2, r3);
        r2 = t;
        t = FIRST_1.selectFrom(r4, r5);
        r5 = SECOND_1.selectFrom(r4, r5);
        r4 = t;
        t = FIRST_1.selectFrom(r6, r7);
        r7 = SECOND_1.selectFrom(r6, r7);
        r6 = t;
        t = FIRST_1.selectFrom(r8, r9);
        r9 = SECOND_1.selectFrom(r8, r9);
        r8 = t;
        t = FIRST_1.selectFrom(r10, r11);
        r11 = SECOND_1.selectFrom(r10, r11);
        r10 = t;
        t = FIRST_1.selectFrom(r12, r13);
        r13 = SECOND_1.selectFrom(r12, r13);
        r12 = t;
        t = FIRST_1.selectFrom(r14, r15);
        r15 = SECOND_1.selectFrom(r14, r15);
        r14 = t;
        switch (dtype) {
            case F32 -> {
                r0.reinterpretAsFloats().intoArray(panel, at);
                r1.reinterpretAsFloats().intoArray(panel, at + PANEL);
                r2.reinterpretAsFloats().intoArray(panel, at + 2 * PANEL);
                r3.reinterpretAsFloats().intoArray(panel, at + 3 * PANEL);
                r4.reinterpretAsFloats().intoArray(panel, at + 4 * PANEL);
                r5.reinterpretAsFloats().intoArray(panel, at + 5 * PANEL);
                r6.reinterpretAsFloats().intoArray(panel, at + 6 * PANEL);
                r7.reinterpretAsFloats().intoArray(panel, at + 7 * PANEL);
                r8.reinterpretAsFloats().intoArray(panel, at + 8 * PANEL);
                r9.reinterpretAsFloats().intoArray(panel, at + 9 * PANEL);
                r10.reinterpretAsFloats().intoArray(panel, at + 10 * PANEL);
                r11.reinterpretAsFloats().intoArray(panel, at + 11 * PANEL);
                r12.reinterpretAsFloats().intoArray(panel, at + 12 * PANEL);
                r13.reinterpretAsFloats().intoArray(panel, at + 13 * PANEL);
                r14.reinterpretAsFloats().intoArray(panel, at + 14 * PANEL);
                r15.reinterpretAsFloats().intoArray(panel, at + 15 * PANEL);
            }
            case BF16 -> {
                int high = 0xFFFF0000;
                r0.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at);
                r0.and(high).reinterpretAsFloats().intoArray(panel, at + PANEL);
                r1.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 2 * PANEL);
                r1.and(high).reinterpretAsFloats().intoArray(panel, at + 3 * PANEL);
                r2.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 4 * PANEL);
                r2.and(high).reinterpretAsFloats().intoArray(panel, at + 5 * PANEL);
                r3.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 6 * PANEL);
                r3.and(high).reinterpretAsFloats().intoArray(panel, at + 7 * PANEL);
                r4.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 8 * PANEL);
                r4.and(high).reinterpretAsFloats().intoArray(panel, at + 9 * PANEL);
                r5.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 10 * PANEL);
                r5.and(high).reinterpretAsFloats().intoArray(panel, at + 11 * PANEL);
                r6.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 12 * PANEL);
                r6.and(high).reinterpretAsFloats().intoArray(panel, at + 13 * PANEL);
                r7.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 14 * PANEL);
                r7.and(high).reinterpretAsFloats().intoArray(panel, at + 15 * PANEL);
                r8.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 16 * PANEL);
                r8.and(high).reinterpretAsFloats().intoArray(panel, at + 17 * PANEL);
                r9.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 18 * PANEL);
                r9.and(high).reinterpretAsFloats().intoArray(panel, at + 19 * PANEL);
                r10.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 20 * PANEL);
                r10.and(high).reinterpretAsFloats().intoArray(panel, at + 21 * PANEL);
                r11.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 22 * PANEL);
                r11.and(high).reinterpretAsFloats().intoArray(panel, at + 23 * PANEL);
                r12.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 24 * PANEL);
                r12.and(high).reinterpretAsFloats().intoArray(panel, at + 25 * PANEL);
                r13.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 26 * PANEL);
                r13.and(high).reinterpretAsFloats().intoArray(panel, at + 27 * PANEL);
                r14.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 28 * PANEL);
                r14.and(high).reinterpretAsFloats().intoArray(panel, at + 29 * PANEL);
                r15.lanewise(SHL, 16).reinterpretAsFloats().intoArray(panel, at + 30 * PANEL);
                r15.and(high).reinterpretAsFloats().intoArray(panel, at + 31 * PANEL);
            }
            default -> {
                r0.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at);
                r0.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + PANEL);
                r1.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 2 * PANEL);
                r1.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 3 * PANEL);
                r2.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 4 * PANEL);
                r2.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 5 * PANEL);
                r3.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 6 * PANEL);
                r3.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 7 * PANEL);
                r4.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 8 * PANEL);
                r4.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 9 * PANEL);
                r5.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 10 * PANEL);
                r5.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 11 * PANEL);
                r6.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 12 * PANEL);
                r6.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 13 * PANEL);
                r7.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 14 * PANEL);
                r7.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 15 * PANEL);
                r8.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 16 * PANEL);
                r8.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 17 * PANEL);
                r9.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 18 * PANEL);
                r9.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 19 * PANEL);
                r10.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 20 * PANEL);
                r10.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 21 * PANEL);
                r11.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 22 * PANEL);
                r11.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 23 * PANEL);
                r12.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 24 * PANEL);
                r12.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 25 * PANEL);
                r13.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 26 * PANEL);
                r13.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 27 * PANEL);
                r14.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 28 * PANEL);
                r14.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 29 * PANEL);
                r15.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(KEEP)
                        .reinterpretAsFloats()
                        .mul(BIAS)
                        .intoArray(panel, at + 30 * PANEL);
                r15.lanewise(SAR, 3).and(KEEP).reinterpretAsFloats().mul(BIAS).intoArray(panel, at + 31 * PANEL);
            }
        }
    }

    private static IntVector first(int distance) {
        int[] lanes = new int[L];
        for (int l = 0; l < L; l++) lanes[l] = (l & distance) == 0 ? l : L + l - distance;
        return IntVector.fromArray(I, lanes, 0);
    }

    private static IntVector second(int distance) {
        int[] lanes = new int[L];
        for (int l = 0; l < L; l++) lanes[l] = (l & distance) == 0 ? l + distance : L + l;
        return IntVector.fromArray(I, lanes, 0);
    }
}
