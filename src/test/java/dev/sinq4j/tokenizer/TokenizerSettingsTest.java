package dev.sinq4j.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file decides what about special tokens; a two-letter tokenizer without a post-processor shows it. */
class TokenizerSettingsTest {

    private static final String TOKENIZER = """
        {"version":"1.0","truncation":{"direction":"Right","max_length":2,"strategy":"LongestFirst","stride":0},
         "padding":null,"normalizer":null,"pre_tokenizer":null,"post_processor":null,"decoder":{"type":"Fuse"},
         "added_tokens":[
           {"id":2,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
           {"id":3,"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
         "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,
           "fuse_unk":false,"byte_fallback":false,"vocab":{"a":0,"b":1},"merges":[]}}
        """;

    @TempDir
    private Path folder;

    @BeforeEach
    void tokenizer() throws IOException {
        write("tokenizer.json", TOKENIZER);
    }

    @Test
    void withoutOtherFilesNothingIsAddedOrCutOff() {
        Tokenizer tokenizer = Tokenizer.open(folder);
        assertArrayEquals(new int[] {0, 1, 0, 3}, tokenizer.encode("aba</s>"));
        assertEquals("aba</s>", tokenizer.decode(0, 1, 0, 3));
        assertEquals("aba", tokenizer.decodeText(0, 1, 0, 3));
        assertEquals(OptionalInt.empty(), tokenizer.bos());
        assertEquals(Set.of(), tokenizer.eos());
        assertEquals(4, tokenizer.vocabularySize());
        assertEquals(Optional.empty(), tokenizer.chatTemplate());
    }

    @Test
    void aLlamaTokenizerAddsBosThoughTheFileHasNoPostProcessor() throws IOException {
        write("tokenizer_config.json", """
            {"tokenizer_class":"LlamaTokenizerFast","bos_token":{"content":"<s>","special":true},"eos_token":"</s>"}\
            """);
        Tokenizer tokenizer = Tokenizer.open(folder);
        assertTrue(tokenizer.addsBos());
        assertArrayEquals(new int[] {2, 0}, tokenizer.encode("a"));
        assertArrayEquals(new int[] {0}, tokenizer.encodeOrdinary("a"));
        assertEquals(Set.of(3), tokenizer.eos());
    }

    @Test
    void aLlamaTokenizerAddsWhatItsConfigurationAsksFor() throws IOException {
        write("tokenizer_config.json", """
            {"tokenizer_class":"LlamaTokenizer","add_bos_token":false,"add_eos_token":true,"bos_token":"<s>",
             "eos_token":"</s>"}\
            """);
        assertArrayEquals(new int[] {0, 3}, Tokenizer.open(folder).encode("a"));
    }

    @Test
    void anyOtherTokenizerAddsWhatItsPostProcessorDoes() throws IOException {
        write("tokenizer_config.json", """
            {"tokenizer_class":"PreTrainedTokenizerFast","add_bos_token":true,"bos_token":"<s>"}\
            """);
        Tokenizer tokenizer = Tokenizer.open(folder);
        assertEquals(false, tokenizer.addsBos());
        assertEquals(OptionalInt.of(2), tokenizer.bos());
        assertArrayEquals(new int[] {0}, tokenizer.encode("a"));
    }

    @Test
    void aNullTokenInTheConfigurationIsNone() throws IOException {
        write("special_tokens_map.json", "{\"bos_token\":\"<s>\",\"eos_token\":\"</s>\"}");
        write("tokenizer_config.json", "{\"bos_token\":null}");
        Tokenizer tokenizer = Tokenizer.open(folder);
        assertEquals(OptionalInt.empty(), tokenizer.bos());
        assertEquals(Set.of(3), tokenizer.eos());
    }

    @Test
    void theGenerationConfigurationDecidesWhatEndsAGeneration() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\":\"</s>\"}");
        write("config.json", "{\"eos_token_id\":1}");
        assertEquals(Set.of(1), Tokenizer.open(folder).eos());
        write("generation_config.json", "{\"eos_token_id\":[3,0]}");
        assertEquals(Set.of(3, 0), Tokenizer.open(folder).eos());
    }

    @Test
    void aTemplateFileWinsOverTheConfiguration() throws IOException {
        write("tokenizer_config.json", """
            {"chat_template":[{"name":"tool_use","template":"T"},{"name":"default","template":"D"}]}\
            """);
        assertEquals(Optional.of("D"), Tokenizer.open(folder).chatTemplate());
        write("chat_template.jinja", "J");
        assertEquals(Optional.of("J"), Tokenizer.open(folder).chatTemplate());
    }

    @Test
    void halfASurrogateBecomesTheReplacementCharacter() throws IOException {
        write("tokenizer.json", TOKENIZER.replace("\"b\":1", "\"\uFFFD\":1"));
        assertArrayEquals(new int[] {0, 1, 0}, Tokenizer.open(folder).encode("a\ud800a"));
    }

    @Test
    void saysThatAFolderHasNoTokenizer(@TempDir Path empty) {
        var failure = assertThrows(UnavailableFailure.class, () -> Tokenizer.open(empty));
        assertEquals(empty + ": no tokenizer.json", failure.getMessage());
    }

    @Test
    void saysHowToConvertASentencePieceModel(@TempDir Path empty) throws IOException {
        Files.writeString(empty.resolve("tokenizer.model"), "");
        var failure = assertThrows(UnavailableFailure.class, () -> Tokenizer.open(empty));
        assertEquals(
                empty + ": no tokenizer.json (tokenizer.model is there: convert it once, with transformers'"
                        + " AutoTokenizer and save_pretrained)",
                failure.getMessage());
    }

    @Test
    void namesTheFileThatIsDamaged() throws IOException {
        write("tokenizer_config.json", "{\"bos_token\":");
        var failure = assertThrows(UnavailableFailure.class, () -> Tokenizer.open(folder));
        assertTrue(failure.getMessage().startsWith("tokenizer_config.json: not valid JSON: "), failure.getMessage());
    }

    @Test
    void namesATokenizerThatIsDamaged() throws IOException {
        write("tokenizer.json", "{\"model\":{\"type\":\"Nonsense\"}}");
        var failure = assertThrows(UnavailableFailure.class, () -> Tokenizer.open(folder));
        assertTrue(
                failure.getMessage()
                        .startsWith(folder.resolve("tokenizer.json") + ": not a tokenizer this program can read: "),
                failure.getMessage());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
