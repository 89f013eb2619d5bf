package dev.sinq4j.kernel.vector;

import dev.sinq4j.weight.Grid;
import java.util.ArrayList;
import java.util.List;

/**
 * How the codes of one output row are packed into 32-bit words without a wasted bit (at 2, 3, 4, 5, 6 and 8 bits).
 *
 * <p>A granule is the smallest run of columns that fills whole words. Each word holds as many whole codes as fit, the
 * first in its lowest bits; what is left at its top, two bits at 3, 5 and 6 bits, holds pieces of the granule's last
 * columns. A kernel masks a code that is its own level where it stands, the upper ones in the word shifted down together, and
 * multiplies it, as a subnormal number or converted, by an activation that was scaled by a power of two beforehand, which is
 * exact. Codes of a codebook have to be shifted before their level can be looked up.
 *
 * @param inPlace whether codes are multiplied where they stand
 */
record CodeLayout(int bits, int columns, int words, int codesPerWord, boolean inPlace, List<Field> fields) {

    /** Bits of an fp32 mantissa as stored. */
    private static final int MANTISSA = 23;

    /** A subnormal number is its bits times 2^-SUBNORMAL. */
    private static final int SUBNORMAL = 149;

    /** Exponent of the unit of products: activations up to 2^31 are scaled without overflow, products down to 2^-73 are normal. */
    private static final int SCALE = -53;

    /**
     * Bits {@code shift .. shift + width - 1} of a word: bits {@code codeShift ..} of a column's code.
     *
     * @param word   within the granule
     * @param column within the granule
     */
    record Field(int word, int shift, int width, int column, int codeShift) {

        /** The field's share of a word. */
        int place(int code) {
            return ((code >>> codeShift) & ((1 << width) - 1)) << shift;
        }
    }

    /** The layout of a grid: a codebook of up to 16 levels is kept at 4 bits a code. */
    static CodeLayout of(Grid grid) {
        return switch (grid) {
            case Grid.Uniform uniform -> of(uniform.bits());
            case Grid.Codebook codebook -> lookedUp(of(Math.max(4, codebook.bits())));
        };
    }

    /** The layout of a bit width, 1 to 8; 1 is kept as 2 and 7 as 8. */
    private static CodeLayout of(int bits) {
        return switch (bits) {
            case 1, 2 -> plain(2);
            case 3 ->
                withTops(3, 32, 3, new int[][] {
                    {0, 30, 2, 30, 0}, {1, 30, 2, 31, 0}, {2, 30, 1, 30, 2}, {2, 31, 1, 31, 2}
                });
            case 4 -> plain(4);
            case 5 ->
                withTops(5, 32, 5, new int[][] {
                    {0, 30, 2, 30, 0},
                    {1, 30, 2, 30, 2},
                    {2, 30, 2, 31, 0},
                    {3, 30, 2, 31, 2},
                    {4, 30, 1, 30, 4},
                    {4, 31, 1, 31, 4}
                });
            case 6 -> withTops(6, 16, 3, new int[][] {{0, 30, 2, 15, 0}, {1, 30, 2, 15, 2}, {2, 30, 2, 15, 4}});
            case 7, 8 -> plain(8);
            default -> throw new IllegalArgumentException("bits must be 1 to 8, was " + bits);
        };
    }

    /** Activations a kernel reads for one granule: one a field. */
    int entries() {
        return fields.size();
    }

    /**
     * Bits that are shifted down before a field is masked: 0 in the lower part of a word, which the mantissa of an fp32 number
     * holds; all below the last field, which needs no mask.
     */
    private int shiftedDown(Field field) {
        if (!inPlace || field.shift() + field.width() == Integer.SIZE) return field.shift();
        int lower = bits * (MANTISSA / bits);
        return field.shift() < lower ? 0 : lower;
    }

    /** What an activation is scaled by, so that the field counts for what it stands for, times {@link #unit}. */
    float factor(Field field) {
        int stands = field.shift() - shiftedDown(field);
        return Math.scalb(1f, field.codeShift() - stands + (subnormal() ? SUBNORMAL + SCALE : 0));
    }

    /** What products come out multiplied by: a power of two. */
    float unit() {
        return subnormal() ? Math.scalb(1f, SCALE) : 1;
    }

    /** Whether fields are read as {@link dev.sinq4j.kernel.Subnormals}. */
    private boolean subnormal() {
        return inPlace && Lanes.IN_PLACE;
    }

    private static CodeLayout lookedUp(CodeLayout layout) {
        return new CodeLayout(layout.bits, layout.columns, layout.words, layout.codesPerWord, false, layout.fields);
    }

    private static CodeLayout plain(int bits) {
        return withTops(bits, 32 / bits, 1, new int[0][]);
    }

    /** Word by word: its whole codes, then the pieces at its top. */
    private static CodeLayout withTops(int bits, int columns, int words, int[][] tops) {
        int codesPerWord = 32 / bits;
        List<Field> fields = new ArrayList<>();
        for (int word = 0; word < words; word++) {
            for (int i = 0; i < codesPerWord; i++)
                fields.add(new Field(word, i * bits, bits, word * codesPerWord + i, 0));
            for (int[] top : tops) if (top[0] == word) fields.add(new Field(word, top[1], top[2], top[3], top[4]));
        }
        return new CodeLayout(bits, columns, words, codesPerWord, true, List.copyOf(fields));
    }
}
