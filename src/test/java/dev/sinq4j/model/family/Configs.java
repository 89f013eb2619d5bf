package dev.sinq4j.model.family;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Small configurations, for tests to spoil. */
public final class Configs {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Configs() {}

    /** A Llama of two layers with everything a configuration must have. */
    public static ObjectNode llama() {
        return parse("""
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_act": "silu", "hidden_size": 16,
             "intermediate_size": 24, "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 2,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "vocab_size": 40,
             "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": [2, 3]}
            """);
    }

    /** As {@link #llama}, after {@code change}. */
    public static ObjectNode llama(Consumer<ObjectNode> change) {
        ObjectNode config = llama();
        change.accept(config);
        return config;
    }

    static ObjectNode parse(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
