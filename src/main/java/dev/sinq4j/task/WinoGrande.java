package dev.sinq4j.task;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.sinq4j.data.CorpusSource;
import java.util.List;
import java.util.Optional;

/**
 * Whom a pronoun means: the rest of the sentence is scored after either name. Sakaguchi et al. 2020; harness task
 * {@code winogrande}, partial evaluation.
 */
final class WinoGrande implements Task {

    private static final String BLANK = "_";

    @Override
    public String name() {
        return "winogrande";
    }

    @Override
    public CorpusSource questions() {
        return Task.converted("allenai/winogrande", "winogrande_xl", "validation");
    }

    @Override
    public Optional<CorpusSource> examples() {
        return Optional.of(Task.converted("allenai/winogrande", "winogrande_xl", "train"));
    }

    @Override
    public Item item(Row row) {
        String sentence = row.text("sentence");
        int blank = sentence.indexOf(BLANK);
        if (blank < 0) throw row.wrong("sentence", row.values().get("sentence"), "a sentence with a " + BLANK);
        String before = sentence.substring(0, blank);
        return Item.contexts(
                List.of(before + row.text("option1"), before + row.text("option2")),
                PythonText.strip(sentence.substring(blank + 1)),
                answer(row));
    }

    private static int answer(Row row) {
        int counted = row.place("answer", 3); // from 1
        if (counted == 0) throw row.wrong("answer", IntNode.valueOf(0), "1 or 2");
        return counted - 1;
    }

    @Override
    public Scoring scoring() {
        return Scoring.PLAIN;
    }

    @Override
    public Sampling sampling() {
        return Sampling.DRAWN_WITH_SPARE;
    }
}
