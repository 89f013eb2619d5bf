package dev.sinq4j.task;

import dev.sinq4j.data.CorpusSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a scene goes on, out of four endings. Zellers et al. 2019; harness task {@code hellaswag}. */
final class HellaSwag implements Task {

    /** What is left of WikiHow's markup. A dot is no newline, and nothing else is one. */
    private static final Pattern BRACKETS = Pattern.compile("\\[.*?]", Pattern.UNIX_LINES);

    @Override
    public String name() {
        return "hellaswag";
    }

    @Override
    public CorpusSource questions() {
        return Task.converted("Rowan/hellaswag", "default", "validation");
    }

    @Override
    public Optional<CorpusSource> examples() {
        return Optional.of(Task.converted("Rowan/hellaswag", "default", "train"));
    }

    @Override
    public Item item(Row row) {
        String context = row.text("ctx_a") + " " + PythonText.capitalize(row.text("ctx_b"));
        List<String> endings =
                row.texts("endings").stream().map(HellaSwag::cleaned).toList();
        return Item.choices(
                cleaned(row.text("activity_label") + ": " + context), endings, row.place("label", endings.size()));
    }

    @Override
    public Scoring scoring() {
        return Scoring.NORMALIZED;
    }

    @Override
    public Sampling sampling() {
        return Sampling.DRAWN_WITH_SPARE;
    }

    static String cleaned(String text) {
        String untitled = PythonText.strip(text).replace(" [title]", ". ");
        return BRACKETS.matcher(untitled).replaceAll("").replace("  ", " ");
    }
}
