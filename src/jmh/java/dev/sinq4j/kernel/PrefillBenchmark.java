package dev.sinq4j.kernel;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Many tokens through one matrix: bound by the multiply-adds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PrefillBenchmark {

    /** Bits of a uniform grid with groups of 64, or a dense type. */
    @Param({"4", "3", "BF16"})
    public String form;

    /** rows x columns x tokens. */
    @Param({"2048x2048x512", "2048x8192x512", "2048x2048x2048", "1536x576x2048", "192x576x512"})
    public String shape;

    /** 0 for one a processor. */
    @Param("0")
    public int threads;

    private final Arena arena = Arena.ofShared();
    private Kernels kernels;
    private Stopwatch stopwatch;
    private LinearWeight weight;
    private int[] size;
    private float[] x;
    private float[] y;

    @Setup
    public void prepare() {
        size = Shapes.parse(shape);
        kernels = Kernels.create(threads);
        RandomWeights random = new RandomWeights(1);
        Weight stored = Character.isDigit(form.charAt(0))
                ? random.packed(Integer.parseInt(form), size[0], size[1], 64)
                : random.dense(DType.valueOf(form), size[0], size[1], arena);
        weight = kernels.prepare(stored, arena);
        x = random.normal(size[1] * size[2]);
        y = new float[size[0] * size[2]];
        stopwatch = new Stopwatch(threads);
    }

    @Benchmark
    public float[] product() {
        stopwatch.time(() -> kernels.linear(weight, x, size[2], y));
        return y;
    }

    @TearDown
    public void print() {
        stopwatch.printOperations("prefill " + form + ", " + shape, 2.0 * size[0] * size[1] * size[2]);
        kernels.close();
        arena.close();
    }
}
