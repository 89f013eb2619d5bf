package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@value #FILE}: what a checkpoint says of its quantized layers beside the tensors.
 *
 * <pre>
 *   {"model.layers.0.mlp.up_proj": {"meta": {"nbits": 4, ...}}, ...,
 *    "sinq4j": {"method": "...", "layers": {"model.layers.0.mlp.down_proj": {"last_group": 44}}}}
 * </pre>
 *
 * The entry {@value #EXTENSION} is ours and is there only where something cannot be said in the reference's words.
 *
 * @param file       the path, for messages
 * @param layers     by leaf name, in the file's order
 * @param extensions by leaf name; layers without an entry have nothing beyond the reference
 * @param denseBytes by leaf name: bytes to account for a layer that is stored dense but stands for a block format
 */
record Sidecar(
        Path file,
        Map<String, LayerMeta> layers,
        Map<String, LayerExtension> extensions,
        Map<String, Long> denseBytes) {

    static final String FILE = "model.safetensors.index.json.meta.json";
    static final String EXTENSION = "sinq4j";

    private static final String METHOD = "method";
    private static final String LAYERS = "layers";
    private static final String STORED_BYTES = "stored_bytes";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws UnavailableFailure naming layer and field if anything is not as it should be */
    static Sidecar read(Path file) {
        JsonNode root = parse(file);
        Map<String, LayerMeta> layers = new LinkedHashMap<>();
        Map<String, LayerExtension> extensions = new LinkedHashMap<>();
        Map<String, Long> denseBytes = new LinkedHashMap<>();
        root.properties().forEach(entry -> {
            if (entry.getKey().equals(EXTENSION)) return;
            String where = file + ": layer '" + entry.getKey() + "'";
            JsonNode meta = entry.getValue().path("meta");
            layers.put(entry.getKey(), LayerMeta.read(where + ": meta", meta));
        });
        root.path(EXTENSION).path(LAYERS).properties().forEach(entry -> {
            String where = file + ": " + EXTENSION + ": layer '" + entry.getKey() + "'";
            JsonNode bytes = entry.getValue().path(STORED_BYTES);
            if (bytes.isIntegralNumber()) denseBytes.put(entry.getKey(), bytes.longValue());
            else extensions.put(entry.getKey(), LayerExtension.read(where, entry.getValue()));
        });
        return new Sidecar(file, layers, extensions, denseBytes);
    }

    LayerExtension extension(String leaf) {
        return extensions.getOrDefault(leaf, LayerExtension.NONE);
    }

    private static JsonNode parse(Path file) {
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (!root.isObject()) throw new UnavailableFailure(file + ": expected an object of layers");
            return root;
        } catch (IOException e) {
            throw new UnavailableFailure(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Collects what is to be written, layer by layer. */
    static final class Builder {

        private final ObjectNode root = JsonNodeFactory.instance.objectNode();
        private final ObjectNode layers = JsonNodeFactory.instance.objectNode();
        private final Optional<String> foreignMethod;

        /** @param foreignMethod the method's name, where the reference has no string for it */
        Builder(Optional<String> foreignMethod) {
            this.foreignMethod = foreignMethod;
        }

        void add(LayerNames names, EncodedLayer layer) {
            root.putObject(names.leaf()).set("meta", layer.meta().toJson());
            ObjectNode extension = layer.extension().toJson();
            if (!extension.isEmpty()) layers.set(names.leaf(), extension);
        }

        /** A layer stored dense; {@code bytes} only where they are not the tensor's own. */
        void addDense(LayerNames names, OptionalLong bytes) {
            bytes.ifPresent(count -> layers.putObject(names.leaf()).put(STORED_BYTES, count));
        }

        ObjectNode build() {
            if (foreignMethod.isEmpty() && layers.isEmpty()) return root;
            ObjectNode extension = root.putObject(EXTENSION);
            foreignMethod.ifPresent(name -> extension.put(METHOD, name));
            if (!layers.isEmpty()) extension.set(LAYERS, layers);
            return root;
        }
    }
}
