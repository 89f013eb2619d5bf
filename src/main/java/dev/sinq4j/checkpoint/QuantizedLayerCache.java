package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every quantized layer on disk as soon as it is done, and finds it again by the hash of everything that decides it:
 * the weight's bytes, the inputs, the method with all its settings, and the code. So a killed experiment goes on with the
 * layer it was killed in, and nothing is quantized twice.
 *
 * <p>An entry is a safetensors file with a checksum over its contents; one that is damaged is removed and quantized again.
 * Entries are written under a temporary name and renamed, so that several processes may share a folder. Where the folder
 * cannot be written to, or its disk is nearly full, work goes on without it and a warning is logged once. Safe to share between threads.
 */
public final class QuantizedLayerCache {

    /** What the folder may grow to unless said otherwise, in bytes. */
    public static final long MAX_BYTES = 32L << 30;

    private static final String CPU = "cpu";

    private static final Logger LOG = LoggerFactory.getLogger(QuantizedLayerCache.class);

    private final Path folder;
    private final CacheSpace space;
    private final String computer;
    private volatile boolean complained;

    /**
     * @param folder   created when the first layer is stored
     * @param maxBytes what it may grow to; the entries longest unused go first
     */
    public QuantizedLayerCache(Path folder, long maxBytes) {
        this(folder, new CacheSpace(folder, maxBytes));
    }

    QuantizedLayerCache(Path folder, CacheSpace space) {
        this(folder, space, CPU);
    }

    private QuantizedLayerCache(Path folder, CacheSpace space, String computer) {
        this.folder = folder;
        this.space = space;
        this.computer = computer;
    }

    /**
     * The same folder for what a backend quantizes. Its layers are never taken for another's, since ties may be rounded
     * the other way.
     *
     * @param backend its name, such as {@code cuda}
     */
    public QuantizedLayerCache computedBy(String backend) {
        return new QuantizedLayerCache(folder, space, backend);
    }

    /**
     * The folder of this user: {@code $SINQ4J_CACHE/layers}, or {@code sinq4j/layers} below {@code $XDG_CACHE_HOME} or
     * {@code ~/.cache}.
     */
    public static Path defaultFolder(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("SINQ4J_CACHE", "");
        if (!own.isBlank()) return Path.of(own, "layers");
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path cache = shared.isBlank() ? home.resolve(".cache") : Path.of(shared);
        return cache.resolve("sinq4j").resolve("layers");
    }

    /**
     * A layer, and what it cost.
     *
     * @param seconds its quantizing took, whenever that was
     * @param found   whether it was stored by an earlier run instead of quantized now
     */
    public record CachedLayer(Quantized layer, double seconds, boolean found) {

        /** Quantizes a layer now and takes the time. */
        public static CachedLayer quantized(Quantizer quantizer, Tensor weight, @Nullable Inputs inputs) {
            long start = System.nanoTime();
            Quantized layer = quantizer.quantize(weight, inputs);
            return new CachedLayer(layer, (System.nanoTime() - start) / 1e9, false);
        }
    }

    /** The same quantizer, asked only for layers that are not stored yet. */
    public Quantizer caching(Method method, Quantizer quantizer) {
        return (weight, inputs) -> layer(method, weight, inputs, () -> CachedLayer.quantized(quantizer, weight, inputs))
                .layer();
    }

    /**
     * A layer, quantized only if it is not stored yet.
     *
     * @param inputs   null for methods that look at none
     * @param quantize asked if it is not there
     */
    public CachedLayer layer(Method method, Tensor weight, @Nullable Inputs inputs, Supplier<CachedLayer> quantize) {
        if (method instanceof Dense) return quantize.get();
        Path file = file(key(method, weight, inputs));
        Optional<CachedLayer> stored = read(file);
        if (stored.isPresent()) return stored.get();
        CachedLayer made = quantize.get();
        if (made.layer().weight() instanceof PackedWeight packed) store(file, method, packed, made);
        return made;
    }

    /** The cache of this user and process: in {@link #defaultFolder}, up to {@link #MAX_BYTES}. */
    public static QuantizedLayerCache ofUser() {
        Path folder = defaultFolder(System.getenv(), Path.of(System.getProperty("user.home")));
        return new QuantizedLayerCache(folder, MAX_BYTES);
    }

    /** Removes every entry. */
    public void clear() {
        space.clear();
    }

    private String key(Method method, Tensor weight, @Nullable Inputs inputs) {
        MessageDigest digest = Digests.sha256();
        Digests.add(digest, CodeVersion.current());
        if (!computer.equals(CPU)) Digests.add(digest, computer);
        Digests.add(digest, method.toString());
        Digests.add(digest, weight);
        if (inputs != null) {
            Digests.add(digest, inputs.tokens() + " x " + inputs.columns());
            Digests.add(digest, inputs.values(), Math.multiplyExact(inputs.tokens(), inputs.columns()));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private Path file(String key) {
        return folder.resolve(key.substring(0, 2)).resolve(key + CacheSpace.SUFFIX);
    }

    private Optional<CachedLayer> read(Path file) {
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            CachedLayer layer = CacheEntry.read(file);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Optional.of(layer);
        } catch (UnavailableFailure | IOException e) {
            LOG.warn("a stored layer is damaged and is quantized again: {}", e.getMessage());
            space.remove(file);
            return Optional.empty();
        }
    }

    private void store(Path file, Method method, PackedWeight packed, CachedLayer layer) {
        try {
            Files.createDirectories(file.getParent());
            space.require(packed.storedBytes());
            CacheEntry.write(file, method, packed, layer);
            space.added(file);
        } catch (UnavailableFailure | IOException e) {
            if (!complained) LOG.warn("quantized layers cannot be kept for another run: {}", e.getMessage());
            complained = true;
        }
    }
}
