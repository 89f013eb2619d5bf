package dev.sinq4j.task;

import dev.sinq4j.data.CorpusSource;
import java.util.List;
import java.util.Optional;

/** Examination questions of 57 subjects, answered by a letter. Hendrycks et al. 2021; harness group {@code mmlu}. */
final class Mmlu implements Task {

    private static final List<String> LETTERS = List.of("A", "B", "C", "D");

    @Override
    public String name() {
        return "mmlu";
    }

    @Override
    public CorpusSource questions() {
        return Task.converted("cais/mmlu", "all", "test");
    }

    @Override
    public Optional<CorpusSource> examples() {
        return Optional.of(Task.converted("cais/mmlu", "all", "dev"));
    }

    @Override
    public Item item(Row row) {
        List<String> choices = row.texts("choices");
        if (choices.size() != LETTERS.size())
            throw row.wrong("choices", row.values().get("choices"), "four answers");
        StringBuilder context = new StringBuilder(PythonText.strip(row.text("question")));
        for (int i = 0; i < LETTERS.size(); i++)
            context.append('\n').append(LETTERS.get(i)).append(". ").append(choices.get(i));
        return Item.choices(context.append("\nAnswer:").toString(), LETTERS, row.place("answer", LETTERS.size()));
    }

    @Override
    public Scoring scoring() {
        return Scoring.PLAIN;
    }

    @Override
    public Sampling sampling() {
        return Sampling.FIRST;
    }

    @Override
    public String group(Row row) {
        return row.text("subject");
    }

    @Override
    public String description(String subject) {
        return "The following are multiple choice questions (with answers) about " + subject.replace('_', ' ')
                + ".\n\n";
    }
}
