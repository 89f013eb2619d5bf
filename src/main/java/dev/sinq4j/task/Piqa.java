package dev.sinq4j.task;

import dev.sinq4j.data.CorpusSource;
import java.util.List;
import java.util.Optional;

/** Physical common sense: which of two solutions reaches a goal. Bisk et al. 2020; harness task {@code piqa}. */
final class Piqa implements Task {

    @Override
    public String name() {
        return "piqa";
    }

    @Override
    public CorpusSource questions() {
        return Task.converted("ybisk/piqa", "plain_text", "validation");
    }

    @Override
    public Optional<CorpusSource> examples() {
        return Optional.of(Task.converted("ybisk/piqa", "plain_text", "train"));
    }

    @Override
    public Item item(Row row) {
        return Item.choices(
                "Question: " + row.text("goal") + "\nAnswer:",
                List.of(row.text("sol1"), row.text("sol2")),
                row.place("label", 2));
    }

    @Override
    public Scoring scoring() {
        return Scoring.NORMALIZED;
    }

    @Override
    public Sampling sampling() {
        return Sampling.DRAWN_WITH_SPARE;
    }
}
