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

/** Attention of one layer: a whole window, bound by multiply-adds, and one token, bound by reading the cache. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AttentionBenchmark {

    /** heads x kvHeads x dim x start x tokens. */
    @Param({"32x8x64x0x512", "32x8x64x0x2048", "9x3x64x0x2048", "32x8x64x127x1", "32x8x64x4095x1", "32x8x64x32767x1"})
    public String shape;

    /** 0 for one a processor. */
    @Param("0")
    public int threads;

    private Kernels kernels;
    private Stopwatch stopwatch;
    private AttentionShape attention;
    private int[] size;
    private float[] q;
    private float[] keys;
    private float[] values;
    private float[] out;

    @Setup
    public void prepare() {
        size = Shapes.parse(shape);
        int positions = size[3] + size[4];
        attention = new AttentionShape(size[0], size[1], size[2], size[2], positions, Integer.MAX_VALUE, 0.125f);
        kernels = Kernels.create(threads);
        RandomWeights random = new RandomWeights(1);
        q = random.normal(size[4] * size[0] * size[2]);
        keys = random.normal(size[1] * positions * size[2]);
        values = random.normal(size[1] * positions * size[2]);
        out = new float[q.length];
        stopwatch = new Stopwatch(threads);
    }

    @Benchmark
    public float[] attend() {
        stopwatch.time(() -> kernels.attention(attention, q, keys, values, size[3], size[4], out));
        return out;
    }

    @TearDown
    public void print() {
        double pairs = (double) size[4] * size[3] + size[4] * (size[4] + 1.0) / 2;
        if (size[4] > 1) stopwatch.printOperations("attention " + shape, 4.0 * size[0] * size[2] * pairs);
        else stopwatch.printBytes("attention " + shape, 8.0 * size[1] * size[2] * pairs);
        kernels.close();
    }
}
