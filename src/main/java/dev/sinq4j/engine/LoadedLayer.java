package dev.sinq4j.engine;

import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Parameter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A layer's numbers, laid out for one backend.
 *
 * @param layer    what the layer consists of
 * @param matrices by which linear layer
 * @param vectors  norms and biases, by tensor name
 * @param constants of the activation function, where it has any
 * @param memory   what all of them take; closing it ends them
 */
record LoadedLayer(
        Layer layer,
        Map<LinearId, LinearWeight> matrices,
        Map<String, Activations> vectors,
        Optional<XieluConstants> constants,
        Memory memory)
        implements AutoCloseable {

    LinearWeight matrix(Linear linear) {
        return Objects.requireNonNull(matrices.get(linear.id()), () -> linear.id() + " is not loaded");
    }

    Activations vector(Parameter parameter) {
        return Objects.requireNonNull(vectors.get(parameter.name()), () -> parameter.name() + " is not loaded");
    }

    /** Constants of a layer whose feed-forward network is xIELU's. */
    XieluConstants xielu() {
        return constants.orElseThrow();
    }

    @Override
    public void close() {
        memory.close();
    }
}
