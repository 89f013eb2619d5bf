package dev.sinq4j.task;

import dev.sinq4j.data.CorpusSource;
import java.util.Optional;

/** The last word of a passage. Paperno et al. 2016, in OpenAI's text; harness task {@code lambada_openai}. */
final class Lambada implements Task {

    @Override
    public String name() {
        return "lambada_openai";
    }

    @Override
    public CorpusSource questions() {
        return Task.converted("EleutherAI/lambada_openai", "default", "test");
    }

    @Override
    public Optional<CorpusSource> examples() {
        return Optional.empty();
    }

    @Override
    public Item item(Row row) {
        String text = row.text("text");
        int lastBlank = text.lastIndexOf(' ');
        if (lastBlank < 1) throw row.wrong("text", row.values().get("text"), "several words");
        return Item.completion(text.substring(0, lastBlank), text.substring(lastBlank));
    }

    @Override
    public Scoring scoring() {
        return Scoring.COMPLETION;
    }
}
