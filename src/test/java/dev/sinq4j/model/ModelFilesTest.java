package dev.sinq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.family.Configs;
import dev.sinq4j.tensor.DType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {

    @TempDir
    Path folder;

    private final ObjectNode config = Configs.llama();

    @Test
    void aModelThatAgreesWithItsConfigurationOpens() {
        new ModelFolder(config).write(folder, config);
        try (ModelSource source = ModelFiles.open(folder);
                Arena arena = Arena.ofConfined()) {
            Linear down = source.architecture().linears().getLast();
            assertEquals(16, source.weight(down, arena).rows());
            assertEquals(24, source.weight(down, arena).columns());
            assertEquals(
                    16, source.tensor(source.architecture().finalNorm(), arena).elements());
            assertFalse(source.synthetic());
        }
    }

    @Test
    void filesAreIdentifiedByTheirHashes() {
        new ModelFolder(config).write(folder, config);
        try (ModelSource source = ModelFiles.open(folder)) {
            Map<String, String> sums = source.sha256();
            assertEquals(List.of("config.json", "model.safetensors"), List.copyOf(sums.keySet()));
            for (String sum : sums.values()) assertEquals(64, sum.length());
        }
    }

    @Test
    void aMissingFolderIsNamed() {
        Path absent = folder.resolve("absent");
        assertEquals(absent + ": there is no such folder", failure(absent));
    }

    @Test
    void aMissingTensorIsNamedWithTheShapeExpected() {
        new ModelFolder(config).without("model.layers.1.mlp.up_proj.weight").write(folder, config);
        assertEquals(
                folder + ": the weights hold no tensor 'model.layers.1.mlp.up_proj.weight', though config.json"
                        + " (model_type llama) expects it in the shape [24, 16]",
                failure(folder));
    }

    @Test
    void aShapeThatContradictsTheConfigurationIsNamed() {
        new ModelFolder(config)
                .with("model.layers.0.self_attn.k_proj.weight", DType.BF16, List.of(16L, 16L))
                .write(folder, config);
        assertEquals(
                folder + ": tensor 'model.layers.0.self_attn.k_proj.weight' has the shape [16, 16], but config.json"
                        + " makes it [8, 16]",
                failure(folder));
    }

    @Test
    void aTypeThatIsNoWeightIsNamed() {
        new ModelFolder(config)
                .with("model.norm.weight", DType.I32, List.of(16L))
                .write(folder, config);
        assertEquals(
                folder + ": tensor 'model.norm.weight' holds I32; a dense model holds F32, F16 or BF16",
                failure(folder));
    }

    @Test
    void moreLayersThanTheConfigurationSaysAreRefused() {
        ObjectNode shorter = Configs.llama(c -> c.put("num_hidden_layers", 1));
        new ModelFolder(config).write(folder, shorter);
        assertEquals(
                folder + ": the weights hold a tensor 'model.layers.1.input_layernorm.weight' that a model as"
                        + " config.json describes it (llama, 1 layers) does not have",
                failure(folder));
    }

    @Test
    void aBiasTheConfigurationDoesNotKnowIsRefused() {
        new ModelFolder(config)
                .with("model.layers.0.self_attn.q_proj.bias", DType.BF16, List.of(16L))
                .write(folder, config);
        assertEquals(
                folder + ": the weights hold a tensor 'model.layers.0.self_attn.q_proj.bias' that a model as"
                        + " config.json describes it (llama, 2 layers) does not have",
                failure(folder));
    }

    @Test
    void rotaryFrequenciesOfOldFilesAreOverlooked() {
        new ModelFolder(config)
                .with("model.layers.0.self_attn.rotary_emb.inv_freq", DType.F32, List.of(2L))
                .write(folder, config);
        ModelFiles.open(folder).close();
    }

    @Test
    void aHeadThatIsNeitherStoredNorTiedIsRefused() {
        new ModelFolder(config).without("lm_head.weight").write(folder, config);
        assertEquals(
                folder + ": the weights hold no tensor 'lm_head.weight', though config.json says tie_word_embeddings is"
                        + " false; expected [40, 16]",
                failure(folder));
    }

    @Test
    void aTiedModelNeedsNoHead() {
        ObjectNode tied = Configs.llama(c -> c.put("tie_word_embeddings", true));
        new ModelFolder(tied).write(folder, tied);
        ModelFiles.open(folder).close();
    }

    @Test
    void aTiedModelMayStoreItsHeadAgain() {
        ObjectNode tied = Configs.llama(c -> c.put("tie_word_embeddings", true));
        new ModelFolder(tied)
                .with("lm_head.weight", DType.BF16, List.of(40L, 16L))
                .write(folder, tied);
        ModelFiles.open(folder).close();
    }

    @Test
    void aTiedModelMayNotStoreAnotherHead() {
        ObjectNode tied = Configs.llama(c -> c.put("tie_word_embeddings", true));
        new ModelFolder(tied)
                .with("lm_head.weight", DType.F32, List.of(40L, 16L))
                .write(folder, tied);
        assertEquals(
                folder + ": tensor 'lm_head.weight' differs from 'model.embed_tokens.weight', though config.json says"
                        + " tie_word_embeddings is true",
                failure(folder));
    }

    private static String failure(Path folder) {
        return assertThrows(UnavailableFailure.class, () -> ModelFiles.open(folder))
                .getMessage();
    }
}
