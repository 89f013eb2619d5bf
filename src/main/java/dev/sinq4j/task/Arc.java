package dev.sinq4j.task;

import dev.sinq4j.data.CorpusSource;
import java.util.List;
import java.util.Optional;

/**
 * Science questions of school tests. Clark et al. 2018; harness tasks {@code arc_easy} and {@code arc_challenge}.
 *
 * @param name          of the task
 * @param configuration of the dataset
 */
record Arc(String name, String configuration) implements Task {

    static Arc easy() {
        return new Arc("arc_easy", "ARC-Easy");
    }

    static Arc challenge() {
        return new Arc("arc_challenge", "ARC-Challenge");
    }

    @Override
    public CorpusSource questions() {
        return Task.converted("allenai/ai2_arc", configuration, "test");
    }

    @Override
    public Optional<CorpusSource> examples() {
        return Optional.of(Task.converted("allenai/ai2_arc", configuration, "train"));
    }

    @Override
    public Item item(Row row) {
        Row choices = row.part("choices");
        List<String> texts = choices.texts("text");
        List<String> labels = choices.texts("label");
        int answer = labels.indexOf(row.text("answerKey"));
        if (answer < 0 || answer >= texts.size())
            throw row.wrong("answerKey", row.values().get("answerKey"), "one of " + String.join(", ", labels));
        return Item.choices("Question: " + row.text("question") + "\nAnswer:", texts, answer);
    }

    @Override
    public Scoring scoring() {
        return Scoring.NORMALIZED;
    }
}
