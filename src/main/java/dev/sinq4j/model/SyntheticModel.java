package dev.sinq4j.model;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.family.Families;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The shapes of a config.json filled with seeded normal bf16 numbers: matrices and embeddings around 0, norms around 1, with a
 * standard deviation of 0.02. For speed and memory only. Each tensor depends on seed and name alone and is made anew each
 * time it is asked for, in the caller's arena; nothing is kept.
 */
public final class SyntheticModel implements ModelSource {

    /** What transformers initializes most models with. */
    static final float STANDARD_DEVIATION = 0.02f;

    private final Path config;
    private final long seed;
    private final Architecture architecture;

    private SyntheticModel(Path config, long seed, Architecture architecture) {
        this.config = config;
        this.seed = seed;
        this.architecture = architecture;
    }

    /**
     * @param config a config.json
     * @param seed   of all numbers
     */
    public static SyntheticModel of(Path config, long seed) {
        return new SyntheticModel(config, seed, Families.read(config));
    }

    /** The config.json its shapes come from. */
    public Path config() {
        return config;
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public String description() {
        return "synthetic:" + config + "@" + seed;
    }

    @Override
    public Weight weight(Linear linear, Arena arena) {
        return new DenseWeight(filled(linear.tensor(), linear.shape(), 0, arena));
    }

    @Override
    public Tensor tensor(Parameter parameter, Arena arena) {
        return filled(parameter.name(), parameter.shape(), parameter.typical(), arena);
    }

    private Tensor filled(String name, List<Long> shape, float mean, Arena arena) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        MemorySegment data = arena.allocate(Math.multiplyExact(elements, (long) DType.BF16.bytes()), 64);
        new NormalNumbers(seed, name, mean, STANDARD_DEVIATION).fill(data, elements);
        return new Tensor(name, DType.BF16, shape, data);
    }

    @Override
    public Map<String, String> sha256() {
        return Map.of(String.valueOf(config.getFileName()), FileSum.sha256(config));
    }

    @Override
    public boolean synthetic() {
        return true;
    }

    @Override
    public void close() {}
}
