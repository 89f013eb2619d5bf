package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.PackedShape.ROW;

import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Lays the codes, scales and zeros of a packed weight out as {@link PackedShape} says. */
final class PackedWriter {

    private final PackedWeight weight;
    private final PackedShape shape;
    private final float[] scale; // (rows, groups), or one
    private final float[] zero; // (rows, groups), or one
    private final CodeLayout.Field[] pieces; // of columns that no single word holds
    private final MemorySegment data;

    PackedWriter(PackedWeight weight, PackedShape shape, MemorySegment data) {
        this.weight = weight;
        this.shape = shape;
        this.data = data;
        scale = weight.scale().values();
        zero = weight.zero().values();
        int whole = shape.layout().words() * shape.layout().codesPerWord();
        pieces = shape.layout().fields().stream()
                .filter(field -> field.column() >= whole)
                .toArray(CodeLayout.Field[]::new);
    }

    /** Whether fp16 holds every scale and zero exactly. */
    static boolean fitsHalf(PackedWeight weight) {
        return fitsHalf(weight.scale()) && fitsHalf(weight.zero());
    }

    void writePanel(int panel) {
        long start = panel * shape.panelBytes();
        int first = shape.map().firstRow(panel);
        int[] words = new int[shape.layout().words()];
        for (int lane = 0; lane < shape.map().rowsOf(panel); lane++) {
            writeAuxiliaries(start, first + lane, lane);
            for (int g = 0; g < shape.groups(); g++) writeCodes(start, first + lane, lane, g, words);
        }
    }

    private void writeAuxiliaries(long start, int row, int lane) {
        for (int g = 0; g < shape.groups(); g++) {
            float s = scale[scale.length == 1 ? 0 : row * shape.groups() + g];
            float z = zero[zero.length == 1 ? 0 : row * shape.groups() + g];
            long at = start + shape.groupStart(lane, g);
            if (shape.halves()) {
                int pair = Float.floatToFloat16(z) << 16 | (Float.floatToFloat16(s) & 0xFFFF);
                data.set(ValueLayout.JAVA_INT, at, pair);
            } else {
                data.set(ValueLayout.JAVA_FLOAT, at, s);
                data.set(ValueLayout.JAVA_FLOAT, at + ROW, z);
            }
        }
    }

    private void writeCodes(long start, int row, int lane, int g, int[] words) {
        int granuleColumns = shape.layout().columns();
        long at = start + shape.groupStart(lane, g) + shape.groupAuxBytes();
        for (int column = g * shape.group(); column < shape.groupEnd(g); column += granuleColumns) {
            int count = Math.min(granuleColumns, shape.groupEnd(g) - column);
            pack(row * shape.columns() + column, count, words);
            for (int word : words) {
                data.set(ValueLayout.JAVA_INT, at, word);
                at += ROW;
            }
        }
    }

    private void pack(int from, int count, int[] words) {
        byte[] codes = weight.codes();
        int bits = shape.layout().bits();
        int codesPerWord = shape.layout().codesPerWord();
        int column = 0;
        for (int word = 0; word < words.length; word++) {
            int packed = 0;
            int end = Math.min(count, column + codesPerWord);
            for (int shift = 0; column < end; column++, shift += bits) packed |= (codes[from + column] & 0xFF) << shift;
            words[word] = packed;
        }
        for (CodeLayout.Field field : pieces)
            if (field.column() < count) words[field.word()] |= field.place(codes[from + field.column()] & 0xFF);
    }

    private static boolean fitsHalf(Auxiliary auxiliary) {
        for (float value : auxiliary.values()) {
            float half = Float.float16ToFloat(Float.floatToFloat16(value));
            if (half != value || Float.isInfinite(half)) return false;
        }
        return true;
    }
}
