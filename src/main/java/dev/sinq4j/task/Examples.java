package dev.sinq4j.task;

import dev.sinq4j.failure.UsageFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the solved questions that stand in front of another. Questions have to be taken in their order, since every draw moves
 * the generator on.
 *
 * <p>Source: lm-evaluation-harness 0.4.8, {@code samplers.py}, with its seed of 1234.
 */
final class Examples {

    private static final int SEED = 1234;
    private static final String BETWEEN = "\n\n";

    private final Task task;
    private final List<Row> pool;
    private final int shots;
    private final PythonRandom random = new PythonRandom(SEED);
    private @Nullable String group;
    private List<Row> own = List.of();

    /**
     * @param pool  to choose from
     * @param shots how many stand in front of a question
     */
    Examples(Task task, List<Row> pool, int shots) {
        this.task = task;
        this.pool = pool;
        this.shots = shots;
    }

    /** The text in front of the next question. */
    String before(Row question) {
        if (shots == 0) return "";
        StringBuilder text = new StringBuilder();
        for (Row example : chosen(question))
            text.append(task.item(example).solved()).append(BETWEEN);
        return text.toString();
    }

    private List<Row> chosen(Row question) {
        enter(task.group(question));
        return switch (task.sampling()) {
            case FIRST -> own.subList(0, enough(shots));
            case DRAWN -> others(drawn(shots), question);
            case DRAWN_WITH_SPARE -> others(drawn(shots + 1), question);
        };
    }

    private void enter(String ofQuestion) {
        if (ofQuestion.equals(group)) return;
        group = ofQuestion;
        own = pool.stream().filter(row -> task.group(row).equals(ofQuestion)).toList();
    }

    private List<Row> drawn(int count) {
        List<Row> rows = new ArrayList<>(count);
        for (int place : random.sample(own.size(), enough(count))) rows.add(own.get(place));
        return rows;
    }

    private List<Row> others(List<Row> drawn, Row question) {
        return drawn.stream()
                .filter(row -> !row.values().equals(question.values()))
                .limit(shots)
                .toList();
    }

    private int enough(int count) {
        if (count > own.size())
            throw new UsageFailure("metrics.tasks: " + task.name() + " has " + own.size() + " examples"
                    + ("".equals(group) ? "" : " of " + group) + " to choose from, fewer than the " + count
                    + " that shots: " + shots + " needs; ask for fewer");
        return count;
    }
}
