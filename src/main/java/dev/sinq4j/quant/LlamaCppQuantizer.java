package dev.sinq4j.quant;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.gguf.GgufType;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.BlockFormat;
import dev.sinq4j.method.LlamaCpp;
import dev.sinq4j.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rounds each row to the blocks a GGUF file would hold and widens them as a reader of that file would. */
final class LlamaCppQuantizer implements Quantizer {

    private final LlamaCpp method;

    LlamaCppQuantizer(LlamaCpp method) {
        this.method = method;
    }

    @Override
    public Quantized quantize(Tensor weight, @Nullable Inputs inputs) {
        WeightSource source = new WeightSource(weight, false, TileKernels.fastest());
        int columns = source.columns();
        BlockFormat format = method.format().fitting(columns);
        GgufType type = type(format);
        float[] values = new float[Math.multiplyExact(source.rows(), columns)];
        IntStream.range(0, source.rows()).parallel().forEach(row -> {
            byte[] blocks = new byte[(int) type.bytes(columns)];
            type.encode(source.rows(row, 1).values(), 0, columns, blocks, 0);
            type.decode(blocks, 0, columns, values, row * columns);
        });
        requireFinite(weight, format, values);
        long bytes = Math.multiplyExact(type.bytes(columns), (long) source.rows());
        return new Quantized(
                FakeWeight.of(weight, values, bytes),
                warnings(weight, format),
                format == method.format()
                        ? Map.of()
                        : Map.of("block_format", format.name().toLowerCase(Locale.ROOT)));
    }

    private List<String> warnings(Tensor weight, BlockFormat format) {
        if (format == method.format()) return List.of();
        return List.of("tensor '" + weight.name() + "': rows of " + weight.columns() + " do not divide into "
                + method.format() + " blocks of " + method.format().block() + ", so it is stored as " + format
                + ", as llama-quantize does");
    }

    private static void requireFinite(Tensor weight, BlockFormat format, float[] values) {
        if (!TileKernels.fastest().allFinite(values, values.length))
            throw new UnavailableFailure("tensor '" + weight.name() + "': its scales are beyond fp16 (65504), in which "
                    + format + " stores them");
    }

    static GgufType type(BlockFormat format) {
        return GgufType.valueOf(format.name());
    }
}
