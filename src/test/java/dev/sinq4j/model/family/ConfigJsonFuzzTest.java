package dev.sinq4j.model.family;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sinq4j.failure.Failure;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.testing.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A config.json, damaged at random: it is read or refused with a message. See {@link Damage} for more cases. */
class ConfigJsonFuzzTest {

    private static final List<String> CONFIGS = List.of("""
        {"model_type": "llama", "hidden_act": "silu", "hidden_size": 16, "intermediate_size": 24,
         "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 2, "max_position_embeddings": 64,
         "rms_norm_eps": 1e-5, "vocab_size": 40, "tie_word_embeddings": false, "eos_token_id": [2, 3],
         "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
         "original_max_position_embeddings": 8192}}
        """, """
        {"model_type": "qwen3_moe", "hidden_act": "silu", "hidden_size": 32, "intermediate_size": 48,
         "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "num_hidden_layers": 2,
         "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "vocab_size": 50, "num_experts": 4,
         "num_experts_per_tok": 2, "moe_intermediate_size": 16, "decoder_sparse_step": 2, "norm_topk_prob": true,
         "mlp_only_layers": [0]}
        """, """
        {"model_type": "deepseek_v2", "hidden_act": "silu", "hidden_size": 32, "intermediate_size": 48,
         "num_attention_heads": 4, "num_hidden_layers": 2, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
         "vocab_size": 50, "kv_lora_rank": 16, "q_lora_rank": 24, "qk_nope_head_dim": 8, "qk_rope_head_dim": 4,
         "v_head_dim": 8, "n_routed_experts": 4, "n_shared_experts": 1, "num_experts_per_tok": 2,
         "moe_intermediate_size": 16, "first_k_dense_replace": 1, "topk_method": "greedy", "norm_topk_prob": false}
        """, """
        {"model_type": "apertus", "hidden_act": "xielu", "qk_norm": true, "hidden_size": 32, "intermediate_size": 48,
         "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 2, "max_position_embeddings": 64,
         "rms_norm_eps": 1e-5, "vocab_size": 50}
        """);

    @Test
    void aDamagedConfigurationIsReadOrRefusedWithAMessage(@TempDir Path folder) throws IOException {
        Damage damage = new Damage(Damage.SEED);
        Path file = folder.resolve("config.json");
        int read = 0;
        for (int i = 0; i < Damage.CASES; i++) {
            byte[] damaged = damage.of(CONFIGS.get(i % CONFIGS.size()));
            Files.write(file, damaged);
            try {
                Architecture architecture = Families.read(file);
                assertTrue(architecture.parameterCount() > 0);
                architecture.rope().frequencies(16);
                read++;
            } catch (Failure e) {
                assertTrue(e.getMessage().contains("config.json"), e.getMessage());
            } catch (RuntimeException | Error e) {
                fail(
                        "seed " + Damage.SEED + ", case " + i + ": " + new String(damaged, StandardCharsets.ISO_8859_1),
                        e);
            }
        }
        assertTrue(read > 0 && read < Damage.CASES, "read " + read + " of " + Damage.CASES);
    }
}
