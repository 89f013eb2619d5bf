package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizedLayerCacheTest {

    private static final long LARGE = 1 << 30;
    private static final Method SINQ = Methods.of(MethodRequest.of("sinq", 4, 32));

    @TempDir
    private Path folder;

    private int quantized;

    @Test
    void aLayerIsQuantizedOnceAndComesBackBitForBit() {
        Tensor weight = weight("a", 1);
        Quantized first = cache(LARGE).caching(SINQ, counting(SINQ)).quantize(weight, null);
        Quantized second = cache(LARGE).caching(SINQ, counting(SINQ)).quantize(weight, null);
        assertEquals(1, quantized);
        CheckpointAssertions.assertSameWeight((PackedWeight) first.weight(), (PackedWeight) second.weight());
        assertEquals(first.warnings(), second.warnings());
        assertEquals(first.notes(), second.notes());
    }

    @Test
    void everythingThatDecidesTheResultTellsLayersApart() {
        QuantizedLayerCache cache = cache(LARGE);
        Method other = Methods.of(MethodRequest.of("sinq", 3, 32));
        cache.caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        cache.caching(SINQ, counting(SINQ)).quantize(weight("a", 2), null);
        cache.caching(SINQ, counting(SINQ)).quantize(weight("b", 1), null);
        cache.caching(other, counting(other)).quantize(weight("a", 1), null);
        assertEquals(4, quantized);
    }

    @Test
    void otherInputsAreAnotherLayer() {
        Method asinq = Methods.of(MethodRequest.of("asinq", 4, 32));
        Quantizer caching = cache(LARGE).caching(asinq, counting(asinq));
        for (int seed : new int[] {1, 2, 1}) caching.quantize(weight("a", 1), inputs(seed));
        assertEquals(2, quantized);
    }

    @Test
    void aLayerOfAnotherBackendIsNotTaken() {
        cache(LARGE).caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        cache(LARGE).computedBy("cpu").caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        assertEquals(1, quantized);
        cache(LARGE).computedBy("cuda").caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        cache(LARGE).computedBy("cuda").caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        assertEquals(2, quantized);
    }

    @Test
    void warningsAndNotesComeBack() {
        Quantizer noting = (weight, inputs) -> new Quantized(
                Quantizers.of(SINQ).quantize(weight, inputs).weight(),
                List.of("a: one row is constant"),
                Map.of("alpha", 0.35, "steps", 3));
        QuantizedLayerCache cache = cache(LARGE);
        cache.caching(SINQ, noting).quantize(weight("a", 1), null);
        Quantized stored = cache.caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        assertEquals(0, quantized);
        assertEquals(List.of("a: one row is constant"), stored.warnings());
        assertEquals(Map.of("alpha", 0.35, "steps", 3), stored.notes());
    }

    @Test
    void aDamagedEntryIsQuantizedAgain() throws IOException {
        Quantizer caching = cache(LARGE).caching(SINQ, counting(SINQ));
        PackedWeight whole =
                (PackedWeight) caching.quantize(weight("a", 1), null).weight();
        try (RandomAccessFile file = new RandomAccessFile(entries().getFirst().toFile(), "rw")) {
            file.seek(file.length() - 3);
            int last = file.read();
            file.seek(file.length() - 3);
            file.write(last ^ 1);
        }
        PackedWeight again =
                (PackedWeight) caching.quantize(weight("a", 1), null).weight();
        assertEquals(2, quantized);
        CheckpointAssertions.assertSameWeight(whole, again);
        caching.quantize(weight("a", 1), null);
        assertEquals(2, quantized, "the good entry took the damaged one's place");
    }

    @Test
    void theFolderStaysBelowItsLimit() throws IOException {
        cache(LARGE).caching(SINQ, counting(SINQ)).quantize(weight("a", 0), null);
        long entry = Files.size(entries().getFirst());
        Quantizer caching = cache(3 * entry).caching(SINQ, counting(SINQ));
        for (int seed = 1; seed < 8; seed++) caching.quantize(weight("a", seed), null);
        long total = 0;
        for (Path file : entries()) total += Files.size(file);
        assertTrue(total <= 3 * entry, "the folder holds " + total + " bytes, the limit is " + 3 * entry);
    }

    @Test
    void aFolderThatCannotBeWrittenToDoesNotStopTheWork() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "in the way");
        Quantizer caching = new QuantizedLayerCache(blocked, LARGE).caching(SINQ, counting(SINQ));
        caching.quantize(weight("a", 1), null);
        assertEquals(1, quantized);
    }

    @Test
    void aDiskThatIsNearlyFullIsLeftAlone() throws IOException {
        Path cache = folder.resolve("cache");
        QuantizedLayerCache full = new QuantizedLayerCache(cache, new CacheSpace(cache, LARGE, path -> 2L << 30));
        full.caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        full.caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        assertEquals(2, quantized);
        assertEquals(List.of(), entries());
    }

    @Test
    void clearingForgetsEverything() throws IOException {
        QuantizedLayerCache cache = cache(LARGE);
        cache.caching(SINQ, counting(SINQ)).quantize(weight("a", 1), null);
        cache.clear();
        assertEquals(List.of(), entries());
    }

    @Test
    void theFolderIsThePrograms() {
        Path home = Path.of("/home/u");
        assertEquals(Path.of("/c/layers"), QuantizedLayerCache.defaultFolder(Map.of("SINQ4J_CACHE", "/c"), home));
        assertEquals(
                Path.of("/x/sinq4j/layers"), QuantizedLayerCache.defaultFolder(Map.of("XDG_CACHE_HOME", "/x"), home));
        assertEquals(Path.of("/home/u/.cache/sinq4j/layers"), QuantizedLayerCache.defaultFolder(Map.of(), home));
    }

    private QuantizedLayerCache cache(long maxBytes) {
        return new QuantizedLayerCache(folder.resolve("cache"), maxBytes);
    }

    private Quantizer counting(Method method) {
        Quantizer quantizer = Quantizers.of(method);
        return (weight, inputs) -> {
            quantized++;
            return quantizer.quantize(weight, inputs);
        };
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Tensor weight(String name, int seed) {
        Random random = new Random(seed);
        float[] values = new float[32 * 64];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        return Numbers.tensor(name, List.of(32L, 64L), values);
    }

    private static Inputs inputs(int seed) {
        Random random = new Random(seed);
        float[] values = new float[4 * 64];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        return new Inputs(values, 4, 64);
    }
}
