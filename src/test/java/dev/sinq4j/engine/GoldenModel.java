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

/** What transformers computed with one model of the shared folder: {@code golden/models/NAME}, weights in {@code models/NAME}. */
record GoldenModel(String name, SafetensorsFile outputs) implements AutoCloseable {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Every model there are outputs of. */
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
        Path file = Shared.path("golden/models/" + name + "/golden.safetensors");
        return new GoldenModel(name, SafetensorsFile.open(file));
    }

    /** The model's own folder. */
    Path folder() {
        return Shared.path("models/" + name);
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
