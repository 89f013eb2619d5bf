package dev.sinq4j.task;

import dev.sinq4j.data.CorpusSource;
import dev.sinq4j.hub.RepoId;
import java.util.Optional;

/**
 * What is asked, in lm-evaluation-harness's words: version 0.4.8, whose prompts, orders and scores are followed to the letter.
 *
 * <p>An implementation reads like the task's definition there and holds nothing else; {@link PreparedTask} asks, and
 * {@link TaskScores} scores.
 */
public interface Task {

    /** As the harness and configurations name it. */
    String name();

    /** The questions, where they are on the hub. */
    CorpusSource questions();

    /** The questions with answers that may stand in front of others; empty where they are drawn from the questions themselves. */
    Optional<CorpusSource> examples();

    /** How a question of the file is put. */
    Item item(Row row);

    /** How its score comes about. */
    Scoring scoring();

    /** Which examples stand in front. */
    default Sampling sampling() {
        return Sampling.DRAWN;
    }

    /** Sub-tasks in one file: questions are limited, and examples chosen, within each. */
    default String group(Row row) {
        return "";
    }

    /** What stands before the examples, in a group. */
    default String description(String group) {
        return "";
    }

    /** How a question is scored. */
    enum Scoring {
        /** The likeliest choice, and the likeliest for its length. */
        NORMALIZED,
        /** The likeliest choice. */
        PLAIN,
        /** Whether the continuation is the model's own choice token by token, and its perplexity. */
        COMPLETION
    }

    /** How examples are chosen. */
    enum Sampling {
        /** The first ones of the group. */
        FIRST,
        /** Drawn anew for every question. */
        DRAWN,
        /** Drawn anew with one to spare, which the harness does where a task has no test split, lest the question be among them. */
        DRAWN_WITH_SPARE
    }

    /**
     * A split as the hub converts every dataset to Parquet. That branch moves with the dataset, so no hash is pinned: results
     * carry the one found.
     */
    static CorpusSource converted(String repo, String configuration, String split) {
        return new CorpusSource.OnHub(
                RepoId.dataset(repo), "refs/convert/parquet", configuration + "/" + split + "/0000.parquet", null);
    }
}
