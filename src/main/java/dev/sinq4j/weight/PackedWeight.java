package dev.sinq4j.weight;

/**
 * A quantized weight: one code an element, and what turns codes back into numbers.
 *
 * <pre>
 *   w~(i, j) = (level(code(i, j)) - zero(i, t)) * scale(i, t) * columnScale(b, j)
 *   t = j / group          the last group of a row may be shorter
 *   b = i / rowBlock       0 for one column scale a layer (1D tiling), i / group for 2D tiling
 * </pre>
 *
 * If {@code inputTransform} is not {@link InputTransform.None}, the matrix above acts on the transformed input:
 * {@code y = W~ T(x)}.
 *
 * @param rows        H, output features
 * @param columns     K, input features
 * @param group       columns that share a scale
 * @param grid        what a code means and how many bits it takes
 * @param codes       (rows, columns), row-major, one code a byte
 * @param scale       (rows, groups), row-major
 * @param zero        (rows, groups), row-major, in code units; or one constant
 * @param columnScale ones where a method has none
 */
public record PackedWeight(
        int rows,
        int columns,
        int group,
        Grid grid,
        byte[] codes,
        Auxiliary scale,
        Auxiliary zero,
        ColumnScale columnScale,
        InputTransform inputTransform)
        implements Weight {

    public PackedWeight {
        if (codes.length != (long) rows * columns)
            throw new IllegalArgumentException(
                    "codes: expected " + rows + " x " + columns + " bytes, found " + codes.length);
    }

    /** The same codes, acting on another input. */
    public PackedWeight acting(InputTransform transform) {
        return new PackedWeight(rows, columns, group, grid, codes, scale, zero, columnScale, transform);
    }

    /** The same codes with other column scales. */
    public PackedWeight scaledBy(ColumnScale scales) {
        return new PackedWeight(rows, columns, group, grid, codes, scale, zero, scales, inputTransform);
    }

    /** Groups in a row; the last may be shorter. */
    public int groups() {
        return groups(columns, group);
    }

    /** Groups of {@code group} columns that cover {@code columns}. */
    public static int groups(int columns, int group) {
        return Math.ceilDiv(columns, group);
    }

    /** The codes as {@link Packing} takes them: (rows * groups, group), a shorter last group filled up with zeros. */
    public byte[] codeRows() {
        if (columns % group == 0) return codes;
        int padded = groups() * group;
        byte[] codeRows = new byte[Math.multiplyExact(rows, padded)];
        for (int i = 0; i < rows; i++) System.arraycopy(codes, i * columns, codeRows, i * padded, columns);
        return codeRows;
    }

    /** The inverse of {@link #codeRows}: (rows, columns) codes. */
    public static byte[] codesOf(byte[] codeRows, int rows, int columns, int group) {
        if (columns % group == 0) return codeRows;
        int padded = groups(columns, group) * group;
        byte[] codes = new byte[Math.multiplyExact(rows, columns)];
        for (int i = 0; i < rows; i++) System.arraycopy(codeRows, i * padded, codes, i * columns, columns);
        return codes;
    }

    @Override
    public long storedBytes() {
        return Packing.of(grid.bits()).bytes(Math.multiplyExact((long) rows, groups()), group)
                + scale.storedBytes()
                + zero.storedBytes()
                + columnScale.storedBytes()
                + inputTransform.storedBytes();
    }
}
