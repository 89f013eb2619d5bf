package dev.sinq4j.engine;

import dev.sinq4j.engine.Scratch.Slot;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import java.util.List;

/**
 * What the pieces of a layer share while a block goes through it.
 *
 * @param loaded   the layer's numbers
 * @param observer is shown the input of every linear layer
 */
record LayerStep(
        Backend backend, Architecture architecture, Scratch scratch, LoadedLayer loaded, InputObserver observer) {

    Activations take(Slot slot, int rows, int width) {
        return scratch.take(slot, rows, width);
    }

    /** {@code y = x W^T + bias}. */
    void linear(Linear linear, Activations x, int tokens, Activations y) {
        backend.linear(loaded.matrix(linear), x, tokens, y);
        addBias(linear, tokens, y);
    }

    /** The same for several layers of one input. */
    void linears(List<Linear> linears, Activations x, int tokens, List<Activations> ys) {
        backend.linears(linears.stream().map(loaded::matrix).toList(), x, tokens, ys);
        for (int i = 0; i < ys.size(); i++) addBias(linears.get(i), tokens, ys.get(i));
    }

    private void addBias(Linear linear, int tokens, Activations y) {
        linear.bias().ifPresent(bias -> backend.addBias(y, tokens, linear.rows(), loaded.vector(bias)));
    }

    void norm(Activations x, int rows, int width, Parameter weight, Activations out) {
        norm(x, rows, width, weight, architecture.normEps(), out);
    }

    void norm(Activations x, int rows, int width, Parameter weight, float eps, Activations out) {
        backend.rmsNorm(x, rows, width, loaded.vector(weight), eps, out);
    }

    void show(List<Linear> linears, Activations input, int tokens) {
        observer.input(linears, input, tokens);
    }
}
