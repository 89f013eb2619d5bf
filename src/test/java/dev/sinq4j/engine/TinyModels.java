package dev.sinq4j.engine;

import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.SyntheticModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small models of random numbers, for tests that need no golden files. */
final class TinyModels {

    private TinyModels() {}

    /** A Llama of two layers, hidden 32, vocabulary 50. */
    static ModelSource llama(Path folder) {
        return synthetic(folder, """
            {"model_type": "llama", "hidden_act": "silu", "hidden_size": 32, "intermediate_size": 48,
             "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 2,
             "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "vocab_size": 50}
            """);
    }

    /** A Qwen 3 of two layers, the second with four experts, two a token; hidden 32, vocabulary 50. */
    static ModelSource experts(Path folder) {
        return synthetic(folder, """
            {"model_type": "qwen3_moe", "hidden_act": "silu", "hidden_size": 32, "intermediate_size": 48,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "num_hidden_layers": 2,
             "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "vocab_size": 50, "num_experts": 4,
             "num_experts_per_tok": 2, "moe_intermediate_size": 16, "decoder_sparse_step": 2,
             "norm_topk_prob": true}
            """);
    }

    private static ModelSource synthetic(Path folder, String config) {
        try {
            return SyntheticModel.of(Files.writeString(folder.resolve("config.json"), config), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Token ids below the vocabulary, the same every time. */
    static int[] ids(int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) ids[i] = (i * 17 + i / 7) % 50;
        return ids;
    }
}
