package dev.sinq4j.tokenizer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sinq4j.failure.Failure;
import dev.sinq4j.testing.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer's files, damaged at random: they are read or refused with a message. See {@link Damage} for more cases. */
class TokenizerFuzzTest {

    private static final String TOKENIZER = """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 5, "content": "<end>", "single_word": false, "lstrip": false, "rstrip": false,
                           "normalized": false, "special": true}],
         "normalizer": {"type": "NFC"},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
           {"type": "Split", "pattern": {"Regex": "\\\\p{L}+|\\\\s+"}, "behavior": "Isolated", "invert": false},
           {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "<end>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
           "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
           "special_tokens": {"<end>": {"id": "<end>", "ids": [5], "tokens": ["<end>"]}}},
         "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
           "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
           "vocab": {"a": 0, "b": 1, "Ġ": 2, "ab": 3, "Ġa": 4}, "merges": [["a", "b"], ["Ġ", "a"]]}}
        """;
    private static final String SETTINGS = """
        {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": false, "bos_token": "<end>",
         "eos_token": {"content": "<end>", "special": true}, "add_bos_token": true,
         "added_tokens_decoder": {"5": {"content": "<end>", "special": true}}, "chat_template": "{{ bos_token }}"}
        """;
    private static final String GENERATION = "{\"bos_token_id\": 5, \"eos_token_id\": [5, 3]}";

    @Test
    void damagedFilesAreReadOrRefusedWithAMessage(@TempDir Path folder) throws IOException {
        Damage damage = new Damage(Damage.SEED);
        int read = 0;
        for (int i = 0; i < Damage.CASES; i++) {
            byte[] tokenizer = i % 3 == 0 ? damage.of(TOKENIZER) : TOKENIZER.getBytes(StandardCharsets.UTF_8);
            byte[] settings = i % 3 == 1 ? damage.of(SETTINGS) : SETTINGS.getBytes(StandardCharsets.UTF_8);
            byte[] generation = i % 3 == 2 ? damage.of(GENERATION) : GENERATION.getBytes(StandardCharsets.UTF_8);
            Files.write(folder.resolve("tokenizer.json"), tokenizer);
            Files.write(folder.resolve("tokenizer_config.json"), settings);
            Files.write(folder.resolve("generation_config.json"), generation);
            try {
                Tokenizer found = Tokenizer.open(folder);
                found.decode(found.encode("ab a<end> b"));
                read++;
            } catch (Failure e) {
                assertTrue(
                        e.getMessage().matches("(?s).*(tokenizer|tokenizer_config|generation_config)\\.json.*"),
                        e.getMessage());
            } catch (RuntimeException | Error e) {
                String files = new String(tokenizer, StandardCharsets.ISO_8859_1)
                        + new String(settings, StandardCharsets.ISO_8859_1)
                        + new String(generation, StandardCharsets.ISO_8859_1);
                fail("seed " + Damage.SEED + ", case " + i + ": " + files, e);
            }
        }
        assertTrue(read > 0 && read < Damage.CASES, "read " + read + " of " + Damage.CASES);
    }
}
