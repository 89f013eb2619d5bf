package dev.sinq4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.testing.Shared;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationSetTest {

    @TempDir
    private Path folder;

    @Test
    void leavesOutLongTextsConcatenatesTheOthersAndDropsTheTail() {
        CalibrationSet set = new CalibrationSet("some", List.of("abc", "too long", "defgh"), 5, 100);
        List<int[]> blocks = set.cut(text -> text.chars().toArray(), 3);
        assertEquals(2, blocks.size());
        assertArrayEquals(new int[] {'a', 'b', 'c'}, blocks.get(0));
        assertArrayEquals(new int[] {'d', 'e', 'f'}, blocks.get(1));
    }

    @Test
    void stopsAtTheLimitOfBlocks() {
        CalibrationSet set = new CalibrationSet("some", List.of("abcdefghij"), 100, 2);
        assertEquals(2, set.cut(text -> text.chars().toArray(), 3).size());
    }

    @Test
    void saysWhyNothingIsLeft() {
        CalibrationSet set = new CalibrationSet("some", List.of("abcdef", "abcdefgh"), 5, 100);
        UsageFailure failure = assertThrows(
                UsageFailure.class, () -> set.cut(text -> text.chars().toArray(), 3));
        assertEquals(
                "calibration text 'some' has 6, 8 tokens under this tokenizer, and texts of more than 5 are left out:"
                        + " not one block of 3; give another text, such as the bundled one",
                failure.getMessage());
    }

    @Test
    void theBundledTextFillsItsBlocksUnderRealTokenizers() {
        for (String name : List.of("qwen3_rebuilt", "llama3_rebuilt", "gpt2")) {
            TextEncoder encoder = Tokenizers.open("data/tokenizers/" + name + "_tokenizer.json", true);
            assertEquals(
                    16,
                    CalibrationSet.bundled()
                            .cut(encoder, CalibrationSet.BLOCK_TOKENS)
                            .size(),
                    name);
        }
    }

    @Test
    void theQuickstartsTextGivesTheBlocksOfTheReferenceRun() {
        CalibrationSet set = CalibrationSet.file(Shared.path("data/calibration/stories-calibration.txt"));
        List<int[]> blocks = set.cut(Tokenizers.open("models/stories-apertus/tokenizer.json", true), 128);
        assertEquals("718940159564ade286888ee0cb50139008cc731de4236c0bedb56cc60f00b58d", sha256(blocks));
    }

    @Test
    void theReferencesPromptsAreCutByItsRule() {
        CalibrationSet prompts =
                new ReferencePrompts(Shared.path("data/calibration/sinq-reference-prompts.json")).load();
        List<int[]> blocks = prompts.cut(Tokenizers.open("data/tokenizers/qwen3_rebuilt_tokenizer.json", true), 128);
        assertEquals(13, blocks.size());
        assertEquals("f42bbeee5f0f89e36963457e08002b2933fbcfc4b3fc0defd2d8cdf4ea932657", sha256(blocks));
    }

    @Test
    void theReferencesPromptsAreAllTooLongForASmallVocabulary() {
        CalibrationSet prompts =
                new ReferencePrompts(Shared.path("data/calibration/sinq-reference-prompts.json")).load();
        TextEncoder stories = Tokenizers.open("models/stories-apertus/tokenizer.json", true);
        UsageFailure failure = assertThrows(UsageFailure.class, () -> prompts.cut(stories, 128));
        assertTrue(failure.getMessage().contains("871, 778, 827, 731, 780 tokens"), failure.getMessage());
    }

    @Test
    void takesThePromptsOutOfTheReferencesSourceAndKeepsThem() {
        CalibrationSet prompts =
                new ReferencePrompts(Shared.path("data/calibration/sinq-reference-prompts.json")).load();
        StringBuilder source = new StringBuilder("def get_simple_calibration_data(tokenizer, block_size=128):\n");
        for (int i = 0; i < prompts.texts().size(); i++)
            source.append("    prompt")
                    .append(i + 1)
                    .append(" = \"\"\"")
                    .append(escaped(prompts, i))
                    .append("\"\"\"\n\n");
        ReferencePrompts kept = ReferencePrompts.in(folder);
        kept.store(source + "    prompts = [prompt1,prompt2]\n");
        assertEquals(prompts, kept.load());
    }

    @Test
    void refusesASourceWithOtherPrompts() {
        UnavailableFailure failure = assertThrows(
                UnavailableFailure.class, () -> ReferencePrompts.in(folder).store("prompt1 = \"\"\"else\"\"\""));
        assertTrue(failure.getMessage().contains("expected " + ReferencePrompts.SHA256), failure.getMessage());
    }

    @Test
    void saysHowToGetThePromptsThatWereNotFetched() {
        UnavailableFailure failure = assertThrows(
                UnavailableFailure.class, () -> ReferencePrompts.in(folder).load());
        assertTrue(failure.getMessage().contains("run ./sinq4j fetch sinq-calibration"), failure.getMessage());
    }

    @Test
    void unescapesWhatPythonDoes() {
        String source = "prompt1 = \"\"\"a\\nb \\\\n \\d \\\"q\\\" \\\n!\"\"\" ; other = \"\"\"no\"\"\"";
        assertEquals(List.of("a\nb \\n \\d \"q\" !"), PythonStrings.assignedTo("prompt\\d", source));
    }

    /** The prompts use a newline both as such and as an escape; either spelling means the same text. */
    private static String escaped(CalibrationSet prompts, int index) {
        String text = prompts.texts().get(index).replace("\\", "\\\\");
        return index % 2 == 0 ? text.replace("\n", "\\n") : text;
    }

    private static String sha256(List<int[]> blocks) {
        return TokenizedText.sha256(blocks.stream().flatMapToInt(Arrays::stream).toArray());
    }
}
