package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.Rotated;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.HadamardRotation;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rotates the columns of a matrix, and the inputs a calibration recorded, in fp32; another quantizer does the rest. */
final class RotatedQuantizer implements Quantizer {

    private final Rotated method;
    private final Quantizer rounding;

    RotatedQuantizer(Rotated method, Quantizer rounding) {
        this.method = method;
        this.rounding = rounding;
    }

    @Override
    public Quantized quantize(Tensor weight, @Nullable Inputs inputs) {
        InputTransform.Hadamard rotation = rotation(weight.columns(), method.seed());
        Quantized rounded =
                rounding.quantize(rotated(weight, rotation), inputs == null ? null : rotated(inputs, rotation));
        if (!(rounded.weight() instanceof PackedWeight packed))
            throw new IllegalStateException(method.name() + " made no codes of tensor '" + weight.name() + "'");
        Map<String, Object> notes = new LinkedHashMap<>(rounded.notes());
        notes.put("hadamard_block", rotation.block());
        return new Quantized(packed.acting(rotation), rounded.warnings(), notes);
    }

    /** The largest rotation of so many columns. */
    static InputTransform.Hadamard rotation(int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] signs = new byte[columns];
        for (int j = 0; j < columns; j++) signs[j] = (byte) (random.nextBoolean() ? 1 : -1);
        return new InputTransform.Hadamard(HadamardRotation.largestBlock(columns), signs);
    }

    private static Tensor rotated(Tensor weight, InputTransform.Hadamard rotation) {
        WeightSource source = new WeightSource(weight, false, TileKernels.fastest());
        int columns = source.columns();
        float[] values = new float[Math.multiplyExact(source.rows(), columns)];
        IntStream.range(0, source.rows()).parallel().forEach(row -> {
            System.arraycopy(source.rows(row, 1).values(), 0, values, row * columns, columns);
            rotation.apply(values, row * columns, columns);
        });
        return new Tensor(weight.name(), DType.F32, weight.shape(), MemorySegment.ofArray(values));
    }

    private static Inputs rotated(Inputs inputs, InputTransform.Hadamard rotation) {
        int columns = inputs.columns();
        float[] values = new float[Math.multiplyExact(inputs.tokens(), columns)];
        IntStream.range(0, inputs.tokens()).parallel().forEach(token -> {
            System.arraycopy(inputs.values(), token * columns, values, token * columns, columns);
            rotation.apply(values, token * columns, columns);
        });
        return new Inputs(values, inputs.tokens(), columns);
    }
}
