package dev.sinq4j.kernel;

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

/** The passes between the products, 512 tokens of 2048 numbers: the bytes of one input are counted. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ElementwiseBenchmark {

    private static final int TOKENS = 512;
    private static final int WIDTH = 2048;
    private static final int COUNT = TOKENS * WIDTH;
    private static final int HEAD = 64;

    @Param({"rmsNorm", "rope", "swiGlu", "xielu", "add"})
    public String operation;

    /** 0 for one a processor. */
    @Param("0")
    public int threads;

    private Kernels kernels;
    private Stopwatch stopwatch;
    private float[] start;
    private float[] x;
    private float[] y;
    private float[] weight;

    @Setup
    public void prepare() {
        kernels = Kernels.create(threads);
        RandomWeights random = new RandomWeights(1);
        start = random.normal(COUNT);
        x = new float[COUNT];
        y = random.normal(COUNT);
        weight = random.normal(COUNT);
        stopwatch = new Stopwatch(threads);
    }

    @Benchmark
    public float[] pass() {
        System.arraycopy(start, 0, x, 0, COUNT); // in-place operations would drift to zero or infinity
        stopwatch.time(() -> {
            switch (operation) {
                case "rmsNorm" -> kernels.rmsNorm(x, TOKENS, WIDTH, weight, 1e-5f, y);
                case "rope" -> kernels.rope(x, TOKENS, WIDTH / HEAD, HEAD, HEAD, weight, weight);
                case "swiGlu" -> kernels.swiGlu(x, y, COUNT);
                case "xielu" -> kernels.xielu(x, COUNT, 0.8f, 0.9f, 0.5f, -1e-6f);
                default -> kernels.add(x, y, COUNT);
            }
        });
        return y;
    }

    @TearDown
    public void print() {
        stopwatch.printBytes(operation, 4.0 * COUNT);
        kernels.close();
    }
}
