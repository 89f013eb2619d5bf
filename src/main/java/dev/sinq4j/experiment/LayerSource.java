package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.checkpoint.QuantizedLayerCache.CachedLayer;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.method.Method;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a method's layers come from: the cache, if there is one and it holds them, else the quantizer. That is warmed up on a
 * few rows before its first layer, so that the JVM's compiling does not count as quantizing, which on a small model it would
 * fill.
 */
final class LayerSource {

    private static final long WARM_UP_NANOS = 500_000_000;
    private static final int WARM_UP_ROWS = 256;

    /** Beyond this width a method that looks at inputs takes so long that compiling does not matter. */
    private static final int WARM_UP_COLUMNS = 1024;

    private final Method method;
    private final Quantizer quantizer;
    private final Optional<QuantizedLayerCache> cache;
    private boolean warm;

    /** @param backend does the quantizing as far as it can */
    LayerSource(Method method, Backend backend, Optional<QuantizedLayerCache> cache) {
        this.method = method;
        this.quantizer = backend.quantizer(method);
        this.cache = cache.map(folder -> folder.computedBy(backend.name()));
    }

    /** @param inputs null for methods that look at none */
    CachedLayer layer(Tensor weight, @Nullable Inputs inputs) {
        return cache.isEmpty()
                ? quantized(weight, inputs)
                : cache.get().layer(method, weight, inputs, () -> quantized(weight, inputs));
    }

    private CachedLayer quantized(Tensor weight, @Nullable Inputs inputs) {
        if (!warm && (inputs == null || weight.columns() <= WARM_UP_COLUMNS)) warmUp(weight, inputs);
        warm = true;
        return CachedLayer.quantized(quantizer, weight, inputs);
    }

    private void warmUp(Tensor weight, @Nullable Inputs inputs) {
        Tensor some = rows(weight, Math.min(WARM_UP_ROWS, weight.rows()));
        long end = System.nanoTime() + WARM_UP_NANOS;
        do quantizer.quantize(some, inputs);
        while (System.nanoTime() < end);
    }

    private static Tensor rows(Tensor weight, int count) {
        long bytes = weight.data().byteSize() / weight.rows() * count;
        return new Tensor(
                weight.name(),
                weight.dtype(),
                List.of((long) count, (long) weight.columns()),
                weight.data().asSlice(0, bytes));
    }
}
