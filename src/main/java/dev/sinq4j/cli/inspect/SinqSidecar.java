package dev.sinq4j.cli.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.cli.inspect.Inspection.Setting;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings in a SINQ checkpoint: {@code leaf name -> {"meta": {key: value}}} beside the index. */
final class SinqSidecar {

    private static final String NAME = "model.safetensors.index.json.meta.json";

    private SinqSidecar() {}

    /** The different settings of a folder's layers, with how many layers have each; empty without a sidecar. */
    static List<Setting> settings(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) return List.of();
        Map<Setting, Integer> layers = new LinkedHashMap<>();
        for (JsonNode leaf : read(file)) {
            JsonNode meta = leaf.path("meta");
            if (meta.has("nbits")) layers.merge(setting(meta), 1, Integer::sum);
        }
        return layers.entrySet().stream()
                .map(entry -> counted(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static JsonNode read(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new UnavailableFailure(file + ": is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Setting setting(JsonNode meta) {
        return new Setting(
                meta.path("method").asText(""),
                meta.path("nbits").asInt(),
                meta.path("group_size").asInt(),
                meta.path("packing").asText(""),
                meta.path("compute_dtype").asText(""),
                0);
    }

    private static Setting counted(Setting setting, int layers) {
        return new Setting(
                setting.method(), setting.bits(), setting.group(), setting.packing(), setting.computeDtype(), layers);
    }
}
