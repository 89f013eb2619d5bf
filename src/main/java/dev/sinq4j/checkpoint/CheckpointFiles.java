package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What lies beside the weights: the configuration, and what tokenizing and generating need. */
final class CheckpointFiles {

    private static final String CONFIG = "config.json";
    private static final List<String> TYPE_FIELDS = List.of("dtype", "torch_dtype");
    private static final List<String> COMPANIONS = List.of(
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "tokenizer.model",
            "sentencepiece.bpe.model",
            "spiece.model");
    private static final JsonMapper JSON = new JsonMapper();

    private CheckpointFiles() {}

    /**
     * Copies config.json, stating the new type of the numbers where it changes, and the companions that are there.
     *
     * @param config the model's config.json; companions are looked for beside it
     */
    static void copy(Path config, Path folder, DType dtype) {
        DurableFiles.write(folder.resolve(CONFIG), withType(config, dtype));
        for (String name : COMPANIONS) {
            Path companion = config.resolveSibling(name);
            if (Files.isRegularFile(companion)) DurableFiles.write(folder.resolve(name), read(companion));
        }
    }

    /** The type a configuration states for its numbers; bf16 where it is silent. */
    static DType statedType(Path config) {
        JsonNode json = parse(config);
        for (String field : TYPE_FIELDS) {
            switch (json.path(field).asText()) {
                case "float16" -> {
                    return DType.F16;
                }
                case "float32" -> {
                    return DType.F32;
                }
                case "bfloat16" -> {
                    return DType.BF16;
                }
                default -> {}
            }
        }
        return DType.BF16;
    }

    private static byte[] withType(Path config, DType dtype) {
        if (!(parse(config) instanceof ObjectNode json)) throw new UnavailableFailure(config + ": expected an object");
        String name = LayerMeta.torchName(dtype).substring("torch.".length());
        List<String> stated = TYPE_FIELDS.stream().filter(json::has).toList();
        if (stated.stream().allMatch(field -> json.path(field).asText().equals(name)) && !stated.isEmpty())
            return read(config);
        if (stated.isEmpty()) json.put(TYPE_FIELDS.getFirst(), name);
        stated.forEach(field -> json.put(field, name));
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode parse(Path config) {
        try {
            return JSON.readTree(read(config));
        } catch (IOException e) {
            throw new UnavailableFailure(config + ": is no JSON: " + e.getMessage(), e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnavailableFailure(file + ": cannot be read: " + e, e);
        }
    }
}
