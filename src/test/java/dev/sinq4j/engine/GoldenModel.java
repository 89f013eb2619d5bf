package dev.sinq4j.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What transformers computed with one model: of the shared folder, {@code golden/models/NAME} with weights in
 * {@code models/NAME}, or of this program's own test data.
 */
record GoldenModel(String name, Path folder, SafetensorsFile outputs) implements AutoCloseable {

    private static final Path BUNDLED = Path.of("src/test/resources/dev/sinq4j/engine");

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Models that come with the tests; {@code make.py} beside each says how it was made. */
    static List<String> bundled() {
        return List.of("tiny-gemma3");
    }

    /** Every model of the shared folder there are outputs of. */
    static List<String> names() {
        try (Stream<Path> folders = Files.list(Shared.path("golden/models"))) {
            return folders.filter(folder -> Files.exists(folder.resolve("golden.safetensors")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static GoldenModel open(String name) {
        if (bundled().contains(name)) {
            Path folder = BUNDLED.resolve(name).resolve("model");
            return new GoldenModel(name, folder, SafetensorsFile.open(folder.resolveSibling("golden.safetensors")));
        }
        Path outputs = Shared.path("golden/models/" + name + "/golden.safetensors");
        return new GoldenModel(name, Shared.path("models/" + name), SafetensorsFile.open(outputs));
    }

    /** {@code golden.json} or another file beside the outputs. */
    static JsonNode json(String model, String file) {
        try {
            return JsonMapper.builder()
                    .build()
                    .readTree(Files.readString(Shared.path("golden/models/" + model + "/" + file)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Names of the token sequences, such as {@code len17}. */
    List<String> sequences() {
        return outputs.tensors().keySet().stream()
                .filter(tensor -> tensor.endsWith(".logits"))
                .map(tensor -> tensor.substring(0, tensor.length() - ".logits".length()))
                .sorted()
                .toList();
    }

    boolean has(String tensor) {
        return outputs.tensors().containsKey(tensor);
    }

    float[] floats(String tensor) {
        return tensor(tensor).floats();
    }

    int[] ids(String tensor) {
        Tensor stored = tensor(tensor);
        int[] ids = new int[Math.toIntExact(stored.elements())];
        for (int i = 0; i < ids.length; i++) ids[i] = stored.data().getAtIndex(INT, i);
        return ids;
    }

    private Tensor tensor(String name) {
        Tensor tensor = outputs.tensors().get(name);
        if (tensor == null) throw new IllegalArgumentException(this.name + " has no golden tensor " + name);
        return tensor;
    }

    @Override
    public void close() {
        outputs.close();
    }
}
