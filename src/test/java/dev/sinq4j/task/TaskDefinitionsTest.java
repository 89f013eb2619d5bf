package dev.sinq4j.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.task.Item.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts as lm-evaluation-harness 0.4.8 makes them from rows of the datasets' layout. */
class TaskDefinitionsTest {

    private static Task task(String name) {
        return Tasks.find(name).orElseThrow();
    }

    private static Row row(String json) {
        try {
            return new Row(new ObjectMapper().readTree(json), "dev.jsonl, row 1");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Item item(String task, String json) {
        return task(task).item(row(json));
    }

    private static String written(Item item) {
        List<String> parts = new ArrayList<>();
        for (Request request : item.requests()) parts.add(request.context() + "|" + request.continuation());
        return String.join("\n--\n", parts);
    }

    @Test
    void piqaAsksForASolution() {
        Item item = item("piqa", """
            {"goal": "Cool soup.", "sol1": "Blow on it. ", "sol2": "Heat it.", "label": 1}
            """);
        assertEquals("""
            Question: Cool soup.
            Answer:| Blow on it.\s
            --
            Question: Cool soup.
            Answer:| Heat it.\
            """, written(item));
        assertEquals(1, item.answer());
        assertEquals("Question: Cool soup.\nAnswer: Heat it.", item.solved());
    }

    @Test
    void hellaSwagCleansWikiHowAndLowersTheSecondSentence() {
        Item item = item("hellaswag", """
            {"activity_label": "Cooking", "ctx_a": "A man stands. [header] How to [title] cook", "ctx_b": "he Then",
             "endings": ["fries [substeps] an egg.", " sings.", "a", "b"], "label": "0"}
            """);
        assertEquals(
                "Cooking: A man stands. How to. cook He then",
                item.requests().getFirst().context());
        assertEquals(List.of("fries an egg.", "sings.", "a", "b"), item.choices());
        assertEquals(0, item.answer());
    }

    @Test
    void mmluAsksForALetterUnderItsSubject() {
        Row row = row("""
            {"question": " What is 2 + 2? ", "subject": "high_school_mathematics", "choices": ["3", "4", "5", "6"], "answer": 1}
            """);
        Task mmlu = task("mmlu");
        assertEquals(
                "What is 2 + 2?\nA. 3\nB. 4\nC. 5\nD. 6\nAnswer:",
                mmlu.item(row).requests().getFirst().context());
        assertEquals(
                List.of(" A", " B", " C", " D"),
                mmlu.item(row).requests().stream().map(Request::continuation).toList());
        assertEquals(
                "The following are multiple choice questions (with answers) about high school mathematics.\n\n",
                mmlu.description(mmlu.group(row)));
    }

    @Test
    void arcFindsItsAnswerByLabel() {
        String json = """
            {"question": "Which is hot?", "choices": {"text": ["ice", "fire", "snow"], "label": ["1", "2", "3"]}, "answerKey": "2"}
            """;
        assertEquals(1, item("arc_easy", json).answer());
        assertEquals(
                "Question: Which is hot?\nAnswer:| fire",
                written(item("arc_challenge", json)).split("\n--\n")[1]);
    }

    @Test
    void winoGrandeScoresTheRestOfTheSentenceAfterEitherName() {
        Item item = item("winogrande", """
            {"sentence": "Ann thanked Bea because _ had helped.", "option1": "Ann", "option2": "Bea", "answer": "2"}
            """);
        assertEquals("""
            Ann thanked Bea because Ann| had helped.
            --
            Ann thanked Bea because Bea| had helped.\
            """, written(item));
        assertEquals(1, item.answer());
        assertEquals("Ann thanked Bea because Bea had helped.", item.solved());
    }

    @Test
    void lambadaAsksForTheLastWord() {
        Item item = item("lambada_openai", "{\"text\": \"She opened the old door\"}");
        assertEquals("She opened the old| door", written(item));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "piqa | {\"goal\": \"g\"} | dev.jsonl, row 1: there is no field 'sol1'; the row has goal",
                "piqa | {\"goal\": 3} | dev.jsonl, row 1: field 'goal' is 3, expected text",
                "piqa | {\"goal\": \"g\", \"sol1\": \"a\", \"sol2\": \"b\", \"label\": -1}"
                        + " | dev.jsonl, row 1: field 'label' is -1, expected a whole number from 0 to 1",
                "winogrande | {\"sentence\": \"none\"}"
                        + " | dev.jsonl, row 1: field 'sentence' is \"none\", expected a sentence with a _",
                "winogrande | {\"sentence\": \"a _ b\", \"option1\": \"x\", \"option2\": \"y\", \"answer\": \"\"}"
                        + " | dev.jsonl, row 1: field 'answer' is \"\", expected a whole number from 0 to 2",
                "arc_easy | {\"choices\": {\"text\": [\"a\"], \"label\": [\"A\"]}, \"answerKey\": \"B\", \"question\":"
                        + " \"q\"} | dev.jsonl, row 1: field 'answerKey' is \"B\", expected one of A",
                "arc_easy | {\"choices\": [\"a\"]} | dev.jsonl, row 1: field 'choices' is [\"a\"], expected an object",
                "lambada_openai | {\"text\": \"word\"}"
                        + " | dev.jsonl, row 1: field 'text' is \"word\", expected several words"
            })
    void aRowOfAnotherLayoutIsNamed(String task, String json, String message) {
        assertEquals(
                message,
                assertThrows(UnavailableFailure.class, () -> item(task, json)).getMessage());
    }

    @Test
    void theFirstExamplesOfASubjectStandBeforeItsQuestions() {
        List<Row> pool = List.of(mmlu("a", "one"), mmlu("b", "two"), mmlu("a", "three"));
        Examples examples = new Examples(task("mmlu"), pool, 2);
        assertEquals("""
            one
            A. 1
            B. 2
            C. 3
            D. 4
            Answer: C

            three
            A. 1
            B. 2
            C. 3
            D. 4
            Answer: C

            """, examples.before(mmlu("a", "asked")));
    }

    private static Row mmlu(String subject, String question) {
        return row("{\"question\": \"" + question + "\", \"subject\": \"" + subject
                + "\", \"choices\": [\"1\", \"2\", \"3\", \"4\"], \"answer\": 2}");
    }

    /** With one to spare, which is what takes the question itself out. */
    @Test
    void examplesAreDrawnAsTheHarnessDrawsThemAndNeverTheQuestionItself() {
        List<Row> pool = new ArrayList<>();
        for (int i = 0; i < 1000; i++)
            pool.add(row("{\"goal\": \"" + i + "\", \"sol1\": \"x\", \"sol2\": \"y\", \"label\": 0}"));
        Examples examples = new Examples(task("piqa"), pool, 4);
        assertEquals("""
            Question: 989
            Answer: x

            Question: 796
            Answer: x

            Question: 119
            Answer: x

            Question: 7
            Answer: x

            """, examples.before(pool.get(451)));
        assertEquals("Question: 92\nAnswer: x", examples.before(pool.get(0)).split("\n\n")[0]);
    }

    @Test
    void tooFewExamplesAreRefused() {
        Examples examples = new Examples(task("mmlu"), List.of(mmlu("a", "one")), 5);
        assertEquals(
                "metrics.tasks: mmlu has 1 examples of a to choose from, fewer than the 5 that shots: 5 needs; ask for"
                        + " fewer",
                assertThrows(UsageFailure.class, () -> examples.before(mmlu("a", "asked")))
                        .getMessage());
    }

    @Test
    void blanksAtAContextsEndGoToTheContinuationAndLongContextsLoseTheirBeginning() {
        TokenRequest.Encoder letters = text -> text.chars().toArray();
        TokenRequest request = TokenRequest.of(new Request("ab ", "cd"), letters, 100, "here");
        assertEquals(2, request.scoredFrom());
        assertEquals(5, request.ids().length);
        TokenRequest cut = TokenRequest.of(new Request("abcdef", "gh"), letters, 4, "here");
        assertEquals(3, cut.scoredFrom());
        assertEquals("defgh", new String(cut.ids(), 0, cut.ids().length));
    }
}
