package dev.sinq4j.kernel;

import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

/** Seeded weights and activations in every stored form. */
public final class RandomWeights {

    private final Random random;

    public RandomWeights(long seed) {
        random = new Random(seed);
    }

    public float[] normal(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /** A dense matrix that lies unaligned, as in a file. */
    public DenseWeight dense(DType dtype, int rows, int columns, Arena arena) {
        long bytes = (long) rows * columns * dtype.bytes();
        MemorySegment data = arena.allocate(bytes + 2).asSlice(2);
        for (long i = 0; i < (long) rows * columns; i++) {
            float value = (float) random.nextGaussian() * 0.05f;
            switch (dtype) {
                case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, value);
                case F16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, Float.floatToFloat16(value));
                default -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, BFloat16.fromFloat(value));
            }
        }
        return new DenseWeight(new Tensor("w", dtype, List.of((long) rows, (long) columns), data));
    }

    /** An asymmetric uniform grid with fp16 scales and zeros, one column scale for all rows. */
    public PackedWeight packed(int bits, int rows, int columns, int group) {
        return packed(new Grid.Uniform(bits), rows, columns, group, columnScale(1, columns, Math.max(1, rows)));
    }

    public PackedWeight packed(Grid grid, int rows, int columns, int group, ColumnScale columnScale) {
        int groups = PackedWeight.groups(columns, group);
        short[] scale = new short[rows * groups];
        short[] zero = new short[rows * groups];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = Float.floatToFloat16(0.1f * (0.5f + random.nextFloat()) / (1 << grid.bits()));
            zero[i] = Float.floatToFloat16(random.nextInt(1 << grid.bits()) - 0.25f);
        }
        return new PackedWeight(
                rows,
                columns,
                group,
                grid,
                codes(grid.bits(), rows * columns),
                new Auxiliary.Half(scale),
                new Auxiliary.Half(zero),
                columnScale,
                new InputTransform.None());
    }

    public byte[] codes(int bits, int count) {
        byte[] codes = new byte[count];
        for (int i = 0; i < count; i++) codes[i] = (byte) random.nextInt(1 << bits);
        return codes;
    }

    public ColumnScale columnScale(int blocks, int columns, int rowBlock) {
        short[] bits = new short[blocks * columns];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToFloat16(0.5f + random.nextFloat());
        return new ColumnScale.Half(bits, rowBlock);
    }

    public int[] ids(int count, int bound) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) ids[i] = random.nextInt(bound);
        return ids;
    }
}
