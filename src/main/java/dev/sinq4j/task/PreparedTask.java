package dev.sinq4j.task;

import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LayerByLayer;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** A task whose questions are in a model's tokens, ready to be asked as often as wanted. */
public final class PreparedTask {

    private final Task task;
    private final Protocol protocol;
    private final List<Question> questions;

    private PreparedTask(Task task, Protocol protocol, List<Question> questions) {
        this.task = task;
        this.protocol = protocol;
        this.questions = questions;
    }

    /**
     * What scores depend on besides the questions.
     *
     * @param limit questions of each group, from the first; {@link Integer#MAX_VALUE} for all
     * @param shots examples in front of each
     * @param bos   whether the tokenizer's special tokens stand in front; the harness leaves them out unless told otherwise
     */
    public record Protocol(int limit, int shots, boolean bos) {}

    /**
     * A question in tokens.
     *
     * @param id      group and place in the file
     * @param lengths of the choices, in characters
     */
    record Question(String id, String group, List<TokenRequest> requests, List<Integer> lengths, int answer) {}

    /**
     * Puts the questions into words and tokens.
     *
     * @param data      questions and, where {@code shots} are asked for, examples
     * @param tokenizer of the model
     * @param positions longest input of the model
     * @throws dev.sinq4j.failure.Failure if a row is no such question, naming it, or there are too few examples
     */
    public static PreparedTask of(Task task, QuestionRows data, Protocol protocol, Tokenizer tokenizer, int positions) {
        TokenRequest.Encoder encoder = protocol.bos() ? tokenizer::encode : tokenizer::encodeOrdinary;
        Examples examples = new Examples(task, data.examples(), protocol.shots());
        Map<String, Integer> seen = new HashMap<>();
        List<Question> questions = new ArrayList<>();
        for (Row row : data.questions()) {
            String group = task.group(row);
            int place = seen.merge(group, 1, Integer::sum) - 1;
            if (place >= protocol.limit()) continue;
            Item item = task.item(row).after(task.description(group) + examples.before(row));
            questions.add(new Question(
                    group.isEmpty() ? String.valueOf(place) : group + "/" + place,
                    group,
                    item.requests().stream()
                            .map(request -> TokenRequest.of(request, encoder, positions, row.where()))
                            .toList(),
                    item.choices().stream().map(PythonText::length).toList(),
                    item.answer()));
        }
        return new PreparedTask(task, protocol, List.copyOf(questions));
    }

    public Task task() {
        return task;
    }

    Protocol protocol() {
        return protocol;
    }

    List<Question> questions() {
        return questions;
    }

    /** How many questions are asked. */
    public int size() {
        return questions.size();
    }

    /** Tokens the model sees if nothing is shared; what is shared among choices counts once. */
    public long tokens() {
        long tokens = 0;
        for (Question question : questions) {
            int context = question.requests().getFirst().scoredFrom();
            tokens += context;
            for (TokenRequest request : question.requests()) tokens += request.inputs() + 1 - request.scoredFrom();
        }
        return tokens;
    }

    /**
     * Asks a model every question.
     *
     * @param asked called with the number of questions asked, after each
     */
    public List<Metrics.Question> ask(LanguageModel model, IntConsumer asked) {
        List<Metrics.Question> answers = new ArrayList<>(questions.size());
        try (PrefixScorer scorer = new PrefixScorer(model, longest())) {
            for (Question question : questions) {
                answers.add(TaskScores.answer(task, question, scorer.score(question.requests())));
                asked.accept(answers.size());
            }
        }
        return answers;
    }

    /**
     * Asks a model that does not fit in memory every question.
     *
     * @param tokensAtOnce tokens whose hidden states are kept together
     * @param asked        called with the number of questions asked, after some more
     */
    public List<Metrics.Question> ask(LayerByLayer model, long tokensAtOnce, IntConsumer asked) {
        List<List<Score>> scores = new StreamedQuestions(model, tokensAtOnce)
                .score(questions.stream().map(Question::requests).toList(), asked);
        List<Metrics.Question> answers = new ArrayList<>(questions.size());
        for (int i = 0; i < questions.size(); i++)
            answers.add(TaskScores.answer(task, questions.get(i), scores.get(i)));
        return answers;
    }

    /** Tokens of the longest input. */
    public int longest() {
        return questions.stream()
                .flatMap(question -> question.requests().stream())
                .mapToInt(TokenRequest::inputs)
                .max()
                .orElse(1);
    }
}
