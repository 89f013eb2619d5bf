package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to quantize one 2048 x 2048 bf16 layer, 4.2 M parameters, on all threads; the calibrated methods see 128 tokens. Its weights have the row and column
 * spread that Sinkhorn normalization is for, so that it iterates as on a real model.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class QuantizerBenchmark {

    private static final int ROWS = 2048;
    private static final int COLUMNS = 2048;
    private static final int TOKENS = 128;

    @Param({"rtn", "sinq", "hqq", "reference-hqq", "nf4", "sinq-nf4", "asinq", "awq", "gptq"})
    public String method;

    @Param({"scalar", "fastest"})
    public String kernels;

    private Tensor weight;
    private Inputs inputs;
    private Quantizer quantizer;

    @Setup
    public void fill() {
        Random random = new Random(1);
        float[] columnSpread = spread(random, COLUMNS);
        float[] rowSpread = spread(random, ROWS);
        MemorySegment data = Arena.ofAuto().allocate(2L * ROWS * COLUMNS);
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < COLUMNS; j++) {
                float value = 0.02f * (float) random.nextGaussian() * rowSpread[i] * columnSpread[j];
                data.setAtIndex(ValueLayout.JAVA_SHORT, (long) i * COLUMNS + j, BFloat16.fromFloat(value));
            }
        weight = new Tensor("layer", DType.BF16, List.of((long) ROWS, (long) COLUMNS), data);
        float[] values = new float[TOKENS * COLUMNS];
        for (int e = 0; e < values.length; e++) values[e] = (float) random.nextGaussian() * columnSpread[e % COLUMNS];
        inputs = new Inputs(values, TOKENS, COLUMNS);
        quantizer = Quantizers.of(
                Methods.of(MethodRequest.of(method)),
                kernels.equals("scalar") ? TileKernels.scalar() : TileKernels.fastest());
    }

    private static float[] spread(Random random, int count) {
        float[] spread = new float[count];
        for (int i = 0; i < count; i++) spread[i] = (float) Math.exp(0.3 * random.nextGaussian());
        return spread;
    }

    @Benchmark
    public Quantized quantize() {
        return quantizer.quantize(weight, inputs);
    }
}
