package dev.sinq4j.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.results.Metrics.Question;
import dev.sinq4j.results.Metrics.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers to single questions, beside {@code results.jsonl}: {@code questions/<cell>-<task>.jsonl}, a line a question. A task has
 * thousands, which would drown the line of its cell; the line names the file.
 */
final class QuestionFiles {

    private static final String FOLDER = "questions";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private QuestionFiles() {}

    /** Writes a cell's answers to their files and gives back the cell without them. */
    static CellResult moveOut(Path folder, CellResult cell) throws IOException {
        Map<String, Task> tasks = cell.metrics().tasks();
        if (tasks == null) return cell;
        Map<String, Task> lean = new LinkedHashMap<>();
        for (Map.Entry<String, Task> each : tasks.entrySet()) {
            List<Question> questions = each.getValue().questions();
            if (questions == null) {
                lean.put(each.getKey(), each.getValue());
                continue;
            }
            String name = FOLDER + "/" + cell.cell() + "-" + each.getKey() + ".jsonl";
            write(folder.resolve(name), questions);
            lean.put(each.getKey(), each.getValue().with(name, null));
        }
        return with(cell, lean);
    }

    /** Written whole before it gets its name: a file that is there is complete. */
    private static void write(Path file, List<Question> questions) throws IOException {
        List<String> lines = new ArrayList<>(questions.size());
        for (Question question : questions) lines.add(JSON.writeValueAsString(question));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Files.write(unfinished, lines);
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads a cell's answers back.
     *
     * @param warnings gain one for each file that is gone or damaged; its task is left without answers
     */
    static CellResult attach(Path folder, CellResult cell, List<String> warnings) {
        Map<String, Task> tasks = cell.metrics().tasks();
        if (tasks == null) return cell;
        Map<String, Task> full = new LinkedHashMap<>();
        tasks.forEach((name, task) -> full.put(name, attach(folder, task, warnings)));
        return with(cell, full);
    }

    private static Task attach(Path folder, Task task, List<String> warnings) {
        String name = task.questionsFile();
        if (name == null || task.questions() != null) return task;
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder.resolve(FOLDER).normalize())) {
            warnings.add(name + ": is no file below " + folder.resolve(FOLDER) + "; its answers were left out");
            return task;
        }
        try {
            List<Question> questions = new ArrayList<>();
            for (String line : Files.readAllLines(file)) questions.add(JSON.readValue(line, Question.class));
            if (questions.size() == task.n()) return task.with(name, List.copyOf(questions));
            warnings.add(file + ": has " + questions.size() + " answers, expected " + task.n() + "; left out");
        } catch (JsonProcessingException e) {
            warnings.add(file + ": is damaged, its answers were left out: " + e.getOriginalMessage());
        } catch (NoSuchFileException e) {
            warnings.add(file + ": is not there, so single answers cannot be compared");
        } catch (IOException e) {
            warnings.add(file + ": cannot be read, so single answers cannot be compared: "
                    + e.getClass().getSimpleName());
        }
        return task;
    }

    /** Every task's answers that are there. */
    static Map<String, List<Question>> answers(CellResult cell) {
        Map<String, List<Question>> answers = new LinkedHashMap<>();
        Map<String, Task> tasks = cell.metrics().tasks();
        if (tasks != null)
            tasks.forEach((name, task) -> {
                if (task.questions() != null) answers.put(name, task.questions());
            });
        return answers;
    }

    private static CellResult with(CellResult cell, Map<String, Task> tasks) {
        Metrics metrics = cell.metrics();
        return new CellResult(
                cell.schema(),
                cell.cell(),
                cell.experiment(),
                cell.model(),
                cell.method(),
                cell.bits(),
                cell.group(),
                cell.tiling(),
                cell.aux(),
                cell.options(),
                cell.status(),
                cell.error(),
                new Metrics(
                        metrics.perplexity(),
                        metrics.divergence(),
                        tasks,
                        metrics.memory(),
                        metrics.throughput(),
                        metrics.quantization()),
                cell.provenance());
    }
}
