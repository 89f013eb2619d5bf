package dev.sinq4j.task;

import java.util.List;
import java.util.stream.Stream;

/**
 * A question ready to be asked: the model scores every request's continuation after its context.
 *
 * @param requests one a choice
 * @param choices  the choices as written, whose length in characters normalizes a score
 * @param answer   place of the right choice
 * @param solved   the question with its answer, as an example in front of others shows it
 */
record Item(List<Request> requests, List<String> choices, int answer, String solved) {

    /** What stands between a context and what follows it. */
    private static final String DELIMITER = " ";

    Item {
        requests = List.copyOf(requests);
        choices = List.copyOf(choices);
    }

    /** A continuation to score after a context. */
    record Request(String context, String continuation) {

        Request after(String examples) {
            return new Request(examples + context, continuation);
        }
    }

    /** One context, several continuations. */
    static Item choices(String context, List<String> choices, int answer) {
        return new Item(
                choices.stream()
                        .map(choice -> new Request(context, DELIMITER + choice))
                        .toList(),
                choices,
                answer,
                context + DELIMITER + choices.get(answer));
    }

    /** Several contexts, one continuation: which context makes it likelier. */
    static Item contexts(List<String> contexts, String continuation, int answer) {
        return new Item(
                contexts.stream()
                        .map(context -> new Request(context, DELIMITER + continuation))
                        .toList(),
                contexts,
                answer,
                contexts.get(answer) + DELIMITER + continuation);
    }

    /** One context, one continuation, taken as it is: whether it is what the model would say. */
    static Item completion(String context, String continuation) {
        return new Item(
                List.of(new Request(context, continuation)),
                List.of(continuation),
                0,
                context + DELIMITER + continuation);
    }

    /** The same question after some text. */
    Item after(String text) {
        Stream<Request> moved = requests.stream().map(request -> request.after(text));
        return new Item(moved.toList(), choices, answer, solved);
    }
}
