package dev.sinq4j.experiment;

import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.BitsAndBytes;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.LlamaCpp;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.weight.PackedWeight;

/**
 * Bytes a matrix takes in memory as the vector kernels lay it out, from its shape alone: panels of 64 rows, in each group one
 * word of scale and zero a row (two where they are fp32), and the codes in granules of whole words.
 */
final class LaidOutSize {

    private static final int HALF = 2;
    private static final int PANEL = 64;
    private static final int WORD = 4;

    private LaidOutSize() {}

    /** Columns and words of the smallest run of codes that fills whole words. */
    private record Granule(int columns, int words) {

        static Granule of(int bits) {
            return switch (bits) {
                case 1, 2 -> new Granule(16, 1);
                case 3 -> new Granule(32, 3);
                case 4 -> new Granule(8, 1);
                case 5 -> new Granule(32, 5);
                case 6 -> new Granule(16, 3);
                default -> new Granule(4, 1);
            };
        }

        long bytes(int codes) {
            return (long) WORD * words * Math.ceilDiv(codes, columns);
        }
    }

    static long of(Method method, int rows, int columns) {
        if (method instanceof BitsAndBytes || method instanceof LlamaCpp) return (long) Float.BYTES * rows * columns;
        if (method instanceof Dense || method.group() == 0 || method.bits() > 8) return (long) HALF * rows * columns;
        int scales = method.aux() == AuxPrecision.FP32 ? 2 : 1;
        int rowBlock = method.tiling() == Tiling.TWO_D ? method.group() : rows;
        return packedRow(method.bits(), method.group(), columns, scales) * paddedRows(rows, rowBlock);
    }

    /** Of codes with fp16 scales, as a checkpoint holds them. */
    static long packed(int bits, int group, int rows, int columns) {
        return packedRow(bits, group, columns, 1) * paddedRows(rows, rows);
    }

    private static long packedRow(int bits, int wantedGroup, int columns, int scaleWords) {
        int group = Math.min(wantedGroup, columns);
        int groups = PackedWeight.groups(columns, group);
        int last = columns - (groups - 1) * group;
        Granule granule = Granule.of(bits);
        return (long) groups * scaleWords * WORD + (groups - 1) * granule.bytes(group) + granule.bytes(last);
    }

    /** A panel never goes across the end of rows that share column scales. */
    private static long paddedRows(int rows, int rowBlock) {
        int whole = rows / rowBlock;
        long perBlock = (long) PANEL * Math.ceilDiv(rowBlock, PANEL);
        return whole * perBlock + (long) PANEL * Math.ceilDiv(rows - whole * rowBlock, PANEL);
    }
}
