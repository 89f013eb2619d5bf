package dev.sinq4j.kernel;

import dev.sinq4j.tensor.DType;
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

/** Cross entropy under a bf16 head. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 2, time = 1)
@Fork(1)
public class LossBenchmark {

    /** vocabulary x width x tokens. */
    @Param({"49152x576x512", "128256x2048x256"})
    public String shape;

    /** 0 for one a processor. */
    @Param("0")
    public int threads;

    private final Arena arena = Arena.ofShared();
    private Kernels kernels;
    private Stopwatch stopwatch;
    private LinearWeight head;
    private int[] size;
    private float[] hidden;
    private int[] targets;
    private double[] nll;

    @Setup
    public void prepare() {
        size = Shapes.parse(shape);
        kernels = Kernels.create(threads);
        RandomWeights random = new RandomWeights(1);
        head = kernels.prepare(random.dense(DType.BF16, size[0], size[1], arena), arena);
        hidden = random.normal(size[1] * size[2]);
        targets = random.ids(size[2], size[0]);
        nll = new double[size[2]];
        stopwatch = new Stopwatch(threads);
    }

    @Benchmark
    public double[] loss() {
        stopwatch.time(() -> kernels.crossEntropy(head, hidden, size[2], targets, nll));
        return nll;
    }

    @TearDown
    public void print() {
        stopwatch.printOperations("loss " + shape, 2.0 * size[0] * size[1] * size[2]);
        kernels.close();
        arena.close();
    }
}
