package dev.sinq4j.tokenizer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fuzzing found: of these files the tokenizers library would end the whole process instead of saying what is wrong. */
class DamagedTokenizerTest {

    private static final String MODEL = "\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}";

    @TempDir
    private Path folder;

    @Test
    void aTextThatBreaksOffInsideTheDecoderIsRefused() throws IOException {
        assertRefused("{" + MODEL + ", \"decoder\": {\"type\":", "not valid JSON: ");
    }

    @Test
    void halfASurrogatePairInTheDecoderIsRefused() throws IOException {
        assertRefused(
                "{" + MODEL + ", \"decoder\": {\"type\": \"\\ud800\"}}",
                "not valid JSON: half a surrogate pair stands in");
    }

    @Test
    void aNumberOutOfRangeInTheDecoderIsRefused() throws IOException {
        assertRefused("{" + MODEL + ", \"decoder\": {\"type\": 1e400}}", "not valid JSON: a number is out of range");
    }

    @Test
    void aTemplateThatNamesATokenItDoesNotDefineIsRefused() throws IOException {
        assertRefused(
                "{" + MODEL + ", \"post_processor\": {\"type\": \"TemplateProcessing\", \"single\":"
                        + " [{\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}], \"pair\": [],"
                        + " \"special_tokens\": {}}}",
                "the template of post_processor names the special token '<s>', which its special_tokens lack");
    }

    private void assertRefused(String json, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
        var failure = assertThrows(UnavailableFailure.class, () -> Tokenizer.open(folder));
        assertTrue(failure.getMessage().startsWith(file + ": " + reason), failure.getMessage());
    }
}
