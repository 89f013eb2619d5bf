package dev.sinq4j.cuda;

import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.weight.InputTransform;
import org.jspecify.annotations.Nullable;

/** A matrix in device memory, as the linear kernels take it. Closing it frees the memory. */
sealed interface CudaWeight extends LinearWeight, AutoCloseable {

    /** Applied to the input first. */
    @Nullable
    Rotation rotation();

    @Override
    void close();

    /**
     * Numbers as a file has them.
     *
     * @param numbers (rows, columns), row-major
     * @param dtype   BF16, F16 or F32
     */
    record Dense(DeviceBuffer numbers, DType dtype, int rows, int columns) implements CudaWeight {

        /** What the kernels call the type. */
        int kind() {
            return switch (dtype) {
                case BF16 -> 0;
                case F16 -> 1;
                case F32 -> 2;
                default -> throw new IllegalArgumentException("a weight is F32, F16 or BF16, not " + dtype);
            };
        }

        /** Whether rows are whole vectors of 16 bytes. */
        boolean aligned() {
            return columns % 8 == 0;
        }

        @Override
        public @Nullable Rotation rotation() {
            return null;
        }

        @Override
        public long bytes() {
            return numbers.bytes();
        }

        @Override
        public void close() {
            numbers.close();
        }
    }

    /**
     * Codes in planes, then everything else, in one piece of memory.
     *
     * @param memory      planes; auxiliaries, (rows, groups) of (scale, zero), half2 or float2; levels, fp32; column scales, fp32
     * @param planes      the codes
     * @param group       columns that share a scale
     * @param groups      of a row
     * @param single      whether auxiliaries are float2
     * @param levels      of a code in the table; 0 for a uniform grid
     * @param rowBlock    rows that share a row of column scales, 0 for no column scales
     * @param auxiliaries where they start, in bytes
     * @param levelsAt    where the levels start, in bytes
     * @param scalesAt    where the column scales start, in bytes
     */
    record Packed(
            DeviceBuffer memory,
            PlaneLayout planes,
            int group,
            int groups,
            boolean single,
            int levels,
            int rowBlock,
            long auxiliaries,
            long levelsAt,
            long scalesAt,
            @Nullable Rotation rotation)
            implements CudaWeight {

        private static final int MOST_UNITS = 1 << 15; // see group_of_unit in planes.cuh

        @Override
        public int rows() {
            return planes.rows();
        }

        @Override
        public int columns() {
            return planes.columns();
        }

        @Override
        public long bytes() {
            return memory.bytes() + (rotation == null ? 0 : rotation.bytes());
        }

        /** Whether the kernels made for this width take it: scales change at units only, and a table is small. */
        boolean regular() {
            boolean wholeUnits = groups == 1 || group % PlaneLayout.UNIT == 0;
            boolean known = levels == 0 || planes.bits() == 3 || planes.bits() == 4;
            return wholeUnits && known && planes.units() <= MOST_UNITS;
        }

        /** Whether all rows have the same column scales, or none. */
        boolean sameScalesForAllRows() {
            return rowBlock == 0 || rowBlock >= rows();
        }

        /** What a kernel finds the group of a unit with. */
        int groupMultiplier() {
            return groups == 1 ? 0 : (int) ((1L << 31) / (group / PlaneLayout.UNIT) + 1);
        }

        DevicePointer two() {
            return memory.at(planes.two() ? planes.twoOffset() : 0);
        }

        DevicePointer one() {
            return memory.at(planes.one() ? planes.oneOffset() : 0);
        }

        @Override
        public void close() {
            memory.close();
            if (rotation != null) rotation.close();
        }
    }

    /**
     * A Hadamard rotation of the input.
     *
     * @param transform what it computes
     * @param base      order of its Paley factor, 1 for none
     * @param memory    signs, (columns), then Paley's matrix, (base, base); a byte each, 1 or -1
     */
    record Rotation(InputTransform.Hadamard transform, int base, DeviceBuffer memory) implements AutoCloseable {

        long bytes() {
            return memory.bytes();
        }

        DevicePointer paley() {
            return memory.at(transform.signs().length);
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
