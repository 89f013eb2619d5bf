package dev.sinq4j.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.model.architecture.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The model families there are. */
public final class Families {

    private static final Map<String, Family> BY_MODEL_TYPE = List.of(
                    new Apertus(),
                    new DeepseekV2(),
                    new Gemma3(),
                    new Llama(),
                    new Mistral(),
                    new Phi3(),
                    new Qwen2(),
                    new Qwen3(),
                    new Qwen3Moe())
            .stream()
            .collect(Collectors.toMap(Family::modelType, Function.identity(), (a, b) -> a, TreeMap::new));

    private Families() {}

    /** Values of {@code model_type} that can be read. */
    public static List<String> supported() {
        return List.copyOf(BY_MODEL_TYPE.keySet());
    }

    /**
     * Reads a config.json.
     *
     * @throws dev.sinq4j.failure.UnavailableFailure naming file and field if something is missing, contradictory or not
     *     supported
     */
    public static Architecture read(Path config) {
        return read(ConfigJson.read(config));
    }

    /**
     * Reads a configuration that is not a file of its own, such as a GGUF file's metadata in config.json's terms.
     *
     * @param origin of the fields, for messages
     */
    public static Architecture read(String origin, JsonNode config) {
        return read(ConfigJson.of(origin, config));
    }

    private static Architecture read(ConfigJson config) {
        @Nullable Family family = BY_MODEL_TYPE.get(config.text("model_type"));
        if (family == null) throw config.wrong("model_type", "one of " + supported());
        List<String> classes = config.texts("architectures");
        if (!classes.isEmpty() && !classes.contains(family.className()))
            throw config.wrong("architectures", family.className() + ", as model_type is " + family.modelType());
        return family.read(config);
    }
}
