package dev.sinq4j.presinq;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.PreSinq;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A dense model with column scales moved as {@link PreSinq} says: the same function, other numbers. Nothing is kept but the
 * scales, which are found a layer at a time when the layer is first asked for; a tensor is made each time it is asked for, in
 * the caller's arena, each number rounded once.
 */
public final class PreSinqModel implements ModelSource {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ModelSource source;
    private final PreSinq settings;
    private final Optional<DType> dtype;
    private final Function<Layer, List<Absorbed>> places;
    private final Map<String, Integer> layerOfParameter = new HashMap<>();
    private final Map<Integer, LayerFactors> factors = new HashMap<>();

    /** @param places for tests that move scales wrongly */
    PreSinqModel(ModelSource source, PreSinq settings, Optional<DType> dtype, Function<Layer, List<Absorbed>> places) {
        this.source = source;
        this.settings = settings;
        this.dtype = dtype;
        this.places = places;
        for (Layer layer : source.architecture().layers())
            layer.parameters().forEach(parameter -> layerOfParameter.put(parameter.name(), layer.index()));
    }

    /**
     * The changed model, its numbers in the types the original's are stored in, as a checkpoint of it would have them.
     *
     * @param source dense; closed with the result
     * @throws UsageFailure if the settings would change the function of a model of this family
     */
    public static PreSinqModel of(ModelSource source, PreSinq settings) {
        return of(source, settings, Optional.empty());
    }

    /** @param dtype of all changed tensors; absent for the original's */
    public static PreSinqModel of(ModelSource source, PreSinq settings, Optional<DType> dtype) {
        for (Layer layer : source.architecture().layers()) LayerAbsorptions.of(layer, settings.absorb());
        return new PreSinqModel(source, settings, dtype, layer -> LayerAbsorptions.of(layer, settings.absorb()));
    }

    @Override
    public Architecture architecture() {
        return source.architecture();
    }

    @Override
    public String description() {
        return source.description() + " after pre-SINQ " + settings.label();
    }

    @Override
    public Weight weight(Linear linear, Arena arena) {
        if (linear.id().layer() == LinearId.NONE) return source.weight(linear, arena);
        LayerFactors factors = factors(linear.id().layer());
        if (factors.rows(linear.tensor()) == null && factors.columns(linear.tensor()) == null)
            return source.weight(linear, arena);
        try (Arena reading = Arena.ofConfined()) {
            Tensor stored = FactorSearch.dense(source, linear, reading);
            return new DenseWeight(scaled(linear.tensor(), stored, linear.rows(), linear.columns(), factors, arena));
        }
    }

    @Override
    public Tensor tensor(Parameter parameter, Arena arena) {
        @Nullable Integer layer = layerOfParameter.get(parameter.name());
        if (layer == null) return source.tensor(parameter, arena);
        LayerFactors factors = factors(layer);
        if (factors.rows(parameter.name()) == null) return source.tensor(parameter, arena);
        try (Arena reading = Arena.ofConfined()) {
            Tensor stored = source.tensor(parameter, reading);
            return scaledVector(parameter, stored, factors, arena);
        }
    }

    /** {@code f (w + shift) - shift}: a norm whose weight is stored less 1 is scaled as it is used. */
    private Tensor scaledVector(Parameter parameter, Tensor stored, LayerFactors factors, Arena arena) {
        DType target = dtype.orElse(stored.dtype());
        double[] factor = Objects.requireNonNull(factors.rows(parameter.name()));
        float[] values = stored.floats();
        for (int i = 0; i < values.length; i++)
            values[i] = (float) (factor[i] * ((double) values[i] + parameter.shift()) - parameter.shift());
        MemorySegment data = arena.allocate((long) values.length * target.bytes(), 64);
        write(values, target, data, 0);
        return new Tensor(parameter.name(), target, stored.shape(), data);
    }

    private synchronized LayerFactors factors(int layer) {
        return factors.computeIfAbsent(
                layer,
                index -> new FactorSearch(source, settings)
                        .of(places.apply(source.architecture().layers().get(index))));
    }

    private Tensor scaled(String name, Tensor stored, int rows, int columns, LayerFactors factors, Arena arena) {
        DType target = dtype.orElse(stored.dtype());
        MemorySegment data = arena.allocate(stored.elements() * target.bytes(), 64);
        float[] values = new float[columns];
        for (int row = 0; row < rows; row++) {
            stored.read((long) row * columns, columns, values, 0);
            factors.apply(name, row, 0, values, 0, columns);
            write(values, target, data, (long) row * columns);
        }
        return new Tensor(name, target, stored.shape(), data);
    }

    private static void write(float[] values, DType dtype, MemorySegment data, long first) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(values, 0, data, FLOAT, first * 4, values.length);
            case BF16 -> {
                for (int i = 0; i < values.length; i++) data.set(SHORT, (first + i) * 2, BFloat16.fromFloat(values[i]));
            }
            case F16 -> {
                for (int i = 0; i < values.length; i++)
                    data.set(SHORT, (first + i) * 2, Float.floatToFloat16(values[i]));
            }
            default -> throw new IllegalArgumentException("weights are F32, F16 or BF16, not " + dtype);
        }
    }

    /** Of the original's files; {@link PreSinq} has to be known beside them. */
    @Override
    public Map<String, String> sha256() {
        return source.sha256();
    }

    @Override
    public boolean synthetic() {
        return source.synthetic();
    }

    @Override
    public void close() {
        source.close();
    }
}
