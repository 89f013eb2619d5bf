package dev.sinq4j.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.data.RowFile;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a task's files.
 *
 * @param examples to put in front of questions
 */
public record QuestionRows(List<Row> questions, List<Row> examples) {

    public QuestionRows {
        questions = List.copyOf(questions);
        examples = List.copyOf(examples);
    }

    /**
     * Reads the files.
     *
     * @param examples null where none are wanted; the questions' own file where they are drawn from there
     * @throws UnavailableFailure if a file cannot be read or has no rows
     */
    public static QuestionRows read(RowFile questions, @Nullable RowFile examples) {
        List<Row> asked = rows(questions);
        if (examples == null) return new QuestionRows(asked, List.of());
        return new QuestionRows(asked, examples.path().equals(questions.path()) ? asked : rows(examples));
    }

    private static List<Row> rows(RowFile file) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode values : file.rows()) rows.add(new Row(values, file.path() + ", row " + (rows.size() + 1)));
        if (rows.isEmpty()) throw new UnavailableFailure(file.path() + " has no questions");
        return rows;
    }
}
