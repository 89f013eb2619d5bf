package dev.sinq4j.engine;

import dev.sinq4j.engine.Router.Assignment;
import dev.sinq4j.engine.Scratch.Slot;
import dev.sinq4j.model.architecture.FeedForward.Experts;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import java.util.List;

/** Sends each token to its experts and sums their weighted outputs, expert by expert, and the shared network's last. */
record ExpertsStep(LayerStep step, FeedForwardStep network) {

    /**
     * @param x      (tokens, hidden)
     * @param output (tokens, hidden), overwritten
     */
    void forward(Experts experts, Activations x, int tokens, Activations output) {
        Backend backend = step.backend();
        int hidden = step.architecture().hidden();
        List<Assignment> assignments = assignments(experts, x, tokens);
        backend.clear(output, tokens * hidden);
        for (int expert = 0; expert < assignments.size(); expert++) {
            Assignment assignment = assignments.get(expert);
            int count = assignment.tokens().length;
            if (count == 0) continue;
            Activations input = step.take(Slot.EXPERT_INPUT, count, hidden);
            backend.gatherRows(x, assignment.tokens(), hidden, input);
            Activations result = result(experts.experts().get(expert), input, count);
            backend.addRows(result, assignment.tokens(), assignment.weights(), hidden, output);
        }
        experts.shared().ifPresent(shared -> backend.add(output, result(shared, x, tokens), tokens * hidden));
    }

    private Activations result(Gated expert, Activations input, int tokens) {
        Activations result =
                step.take(Slot.EXPERT_OUTPUT, tokens, step.architecture().hidden());
        network.gated(expert, input, tokens, result);
        return result;
    }

    private List<Assignment> assignments(Experts experts, Activations x, int tokens) {
        int count = experts.experts().size();
        Activations scores = step.take(Slot.ROUTER, tokens, count);
        step.show(List.of(experts.router()), x, tokens);
        step.linear(experts.router(), x, tokens, scores);
        float[] logits = new float[tokens * count];
        step.backend().read(scores, 0, logits.length, logits);
        return new Router(experts.routing(), count).assign(logits, tokens);
    }
}
