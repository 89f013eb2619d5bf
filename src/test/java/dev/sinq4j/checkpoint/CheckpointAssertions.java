package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.util.Map;
import java.util.TreeSet;

/** Comparisons that say which tensor or part differs. */
final class CheckpointAssertions {

    private CheckpointAssertions() {}

    /** Same names, and for each the same type, shape and bytes. */
    static void assertSameTensors(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(new TreeSet<>(expected.keySet()), new TreeSet<>(actual.keySet()));
        expected.forEach((name, tensor) -> assertSameTensor(tensor, actual.get(name)));
    }

    static void assertSameTensor(Tensor expected, Tensor actual) {
        String name = expected.name();
        assertEquals(expected.dtype(), actual.dtype(), name);
        assertEquals(expected.shape(), actual.shape(), name);
        assertEquals(-1, expected.data().mismatch(actual.data()), () -> name + ": first byte that differs");
    }

    /** Every part of two weights the same, bit for bit. */
    static void assertSameWeight(PackedWeight expected, PackedWeight actual) {
        assertEquals(expected.rows(), actual.rows());
        assertEquals(expected.columns(), actual.columns());
        assertEquals(expected.group(), actual.group());
        assertSameGrid(expected.grid(), actual.grid());
        assertArrayEquals(expected.codes(), actual.codes(), "codes");
        assertEquals(expected.scale().getClass(), actual.scale().getClass());
        assertArrayEquals(expected.scale().values(), actual.scale().values(), "scale");
        assertEquals(expected.zero().getClass(), actual.zero().getClass());
        assertArrayEquals(expected.zero().values(), actual.zero().values(), "zero");
        assertSameColumnScale(expected, actual);
        assertSameTransform(expected.inputTransform(), actual.inputTransform());
        assertEquals(expected.storedBytes(), actual.storedBytes(), "stored bytes");
    }

    private static void assertSameGrid(Grid expected, Grid actual) {
        if (expected instanceof Grid.Codebook codebook && actual instanceof Grid.Codebook other) {
            assertEquals(codebook.bits(), other.bits());
            assertArrayEquals(codebook.levels(), other.levels(), "levels");
        } else {
            assertEquals(expected, actual);
        }
    }

    private static void assertSameColumnScale(PackedWeight expected, PackedWeight actual) {
        assertEquals(expected.columnScale().getClass(), actual.columnScale().getClass());
        if (expected.columnScale() instanceof ColumnScale.None) return;
        for (int row = 0; row < expected.rows(); row++)
            assertArrayEquals(
                    expected.columnScale().ofRow(row, expected.columns()),
                    actual.columnScale().ofRow(row, actual.columns()),
                    "column scale of row " + row);
    }

    private static void assertSameTransform(InputTransform expected, InputTransform actual) {
        if (expected instanceof InputTransform.Hadamard rotation && actual instanceof InputTransform.Hadamard other) {
            assertEquals(rotation.block(), other.block());
            assertArrayEquals(rotation.signs(), other.signs(), "signs");
        } else {
            assertEquals(expected, actual);
        }
    }
}
