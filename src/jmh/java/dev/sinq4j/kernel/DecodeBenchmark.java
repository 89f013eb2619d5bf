package dev.sinq4j.kernel;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
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

/** One token through so many equal matrices that none is in cache when its turn comes: bound by reading the weights. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DecodeBenchmark {

    private static final long BYTES = 200L << 20;

    /** Bits of a uniform grid with groups of 64, or a dense type. */
    @Param({"4", "3", "2", "5", "6", "8", "BF16", "F16", "F32"})
    public String form;

    /** rows x columns. */
    @Param({"8192x2048", "1536x576"})
    public String shape;

    /** 0 for one a processor. */
    @Param("0")
    public int threads;

    private final Arena arena = Arena.ofShared();
    private final List<LinearWeight> weights = new ArrayList<>();
    private Kernels kernels;
    private Stopwatch stopwatch;
    private float[] x;
    private float[] y;

    @Setup
    public void prepare() {
        int[] size = Shapes.parse(shape);
        kernels = Kernels.create(threads);
        RandomWeights random = new RandomWeights(1);
        Weight weight = Character.isDigit(form.charAt(0))
                ? random.packed(Integer.parseInt(form), size[0], size[1], 64)
                : random.dense(DType.valueOf(form), size[0], size[1], arena);
        long bytes = 0;
        while (bytes < BYTES) {
            LinearWeight prepared = kernels.prepare(
                    weights.isEmpty() || Character.isDigit(form.charAt(0))
                            ? weight
                            : random.dense(DType.valueOf(form), size[0], size[1], arena),
                    arena);
            weights.add(prepared);
            bytes += prepared.bytes();
        }
        x = random.normal(size[1]);
        y = new float[size[0]];
        stopwatch = new Stopwatch(threads);
    }

    @Benchmark
    public float[] oneToken() {
        stopwatch.time(() -> {
            for (LinearWeight weight : weights) kernels.linear(weight, x, 1, y);
        });
        return y;
    }

    @TearDown
    public void print() {
        double bytes = 0;
        for (LinearWeight weight : weights) bytes += weight.bytes();
        stopwatch.printBytes("decode " + form + ", " + shape, bytes);
        kernels.close();
        arena.close();
    }
}
