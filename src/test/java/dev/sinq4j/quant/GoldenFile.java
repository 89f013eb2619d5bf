package dev.sinq4j.quant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A golden file of the quantizers: its cases and their tensors. Open for the life of the test JVM. */
record GoldenFile(Path path, Map<String, JsonNode> cases, Map<String, Tensor> tensors) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "golden/quantizer";

    /** A file below the quantizers' folder, such as {@code awq.safetensors}; the calling test is skipped without it. */
    static GoldenFile open(String name) {
        return open(Shared.path(FOLDER + "/" + name));
    }

    /** Every safetensors file of a folder below the quantizers' folder. */
    static List<GoldenFile> all(String folder) {
        try (Stream<Path> files = Files.list(Shared.path(FOLDER + "/" + folder))) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .map(GoldenFile::open)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The matrix every case of that name was made of. */
    static Tensor input(String name) {
        return Inputs.TENSORS.tensors().get(name);
    }

    /** Opened once, at first use. */
    private static final class Inputs {
        static final GoldenFile TENSORS = open("tensors.safetensors");
    }

    @SuppressWarnings("MustBeClosedChecker") // tensors are read by tests until the JVM ends
    private static GoldenFile open(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        Map<String, JsonNode> cases = new TreeMap<>();
        file.metadata().forEach((key, value) -> {
            if (key.contains("/")) cases.put(key, parse(value));
        });
        return new GoldenFile(path, cases, file.tensors());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    boolean has(String key) {
        return tensors.containsKey(key);
    }

    /** Any of F32, F16, BF16. */
    float[] floats(String key) {
        return tensor(key).floats();
    }

    byte[] bytes(String key) {
        return tensor(key).data().toArray(ValueLayout.JAVA_BYTE);
    }

    short[] halves(String key) {
        return tensor(key).data().toArray(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    double[] doubles(String key) {
        return tensor(key).data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    Tensor tensor(String key) {
        Tensor tensor = tensors.get(key);
        if (tensor == null) throw new AssertionError(path + " has no tensor '" + key + "'");
        return tensor;
    }
}
