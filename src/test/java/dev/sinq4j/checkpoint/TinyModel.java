package dev.sinq4j.checkpoint;

import dev.sinq4j.model.SyntheticModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Qwen2 of two layers with seeded weights: biases, a tied head, and widths (40, 172) no group of 32 divides. */
final class TinyModel {

    private static final String CONFIG = """
        {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 40, "intermediate_size": 172,
         "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 10, "num_hidden_layers": 2,
         "vocab_size": 64, "max_position_embeddings": 128, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
         "hidden_act": "silu", "tie_word_embeddings": true, "torch_dtype": "bfloat16"}
        """;

    private TinyModel() {}

    /** Writes the configuration and a tokenizer file of no meaning. */
    static Path config(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("tokenizer.json"), "{}");
            return Files.writeString(folder.resolve("config.json"), CONFIG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SyntheticModel open(Path config) {
        return SyntheticModel.of(config, 7);
    }
}
