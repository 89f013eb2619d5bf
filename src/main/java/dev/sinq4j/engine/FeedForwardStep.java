package dev.sinq4j.engine;

import dev.sinq4j.engine.Scratch.Slot;
import dev.sinq4j.model.architecture.FeedForward.GateUp.Fused;
import dev.sinq4j.model.architecture.FeedForward.GateUp.Separate;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import dev.sinq4j.model.architecture.FeedForward.Xielu;
import java.util.List;

/** What a layer does to each token by itself. x and output: (tokens, hidden), output overwritten. */
record FeedForwardStep(LayerStep step) {

    /** {@code down(f(gate x) * up x)}. */
    void gated(Gated network, Activations x, int tokens, Activations output) {
        int width = network.width();
        Activations gate = step.take(Slot.GATE, tokens, width);
        Activations up = step.take(Slot.UP, tokens, width);
        step.show(network.projections().linears(), x, tokens);
        switch (network.projections()) {
            case Separate separate ->
                step.linears(List.of(separate.gate(), separate.up()), x, tokens, List.of(gate, up));
            case Fused fused -> {
                Activations both = step.take(Slot.PROJECTED, tokens, 2 * width);
                step.linear(fused.gateUp(), x, tokens, both);
                step.backend().copy(new Columns(both, 2 * width, 0), new Columns(gate, width, 0), tokens, width);
                step.backend().copy(new Columns(both, 2 * width, width), new Columns(up, width, 0), tokens, width);
            }
        }
        switch (network.gate()) {
            case SILU -> step.backend().swiGlu(gate, up, tokens * width);
            case GELU_TANH -> step.backend().geGlu(gate, up, tokens * width);
        }
        step.show(List.of(network.down()), gate, tokens);
        step.linear(network.down(), gate, tokens, output);
    }

    /** {@code down(xIELU(up x))}. */
    void xielu(Xielu network, Activations x, int tokens, Activations output) {
        Activations up = step.take(Slot.UP, tokens, network.width());
        step.show(List.of(network.up()), x, tokens);
        step.linear(network.up(), x, tokens, up);
        XieluConstants c = step.loaded().xielu();
        step.backend().xielu(up, tokens * network.width(), c.p(), c.n(), c.beta(), c.eps());
        step.show(List.of(network.down()), up, tokens);
        step.linear(network.down(), up, tokens, output);
    }
}
