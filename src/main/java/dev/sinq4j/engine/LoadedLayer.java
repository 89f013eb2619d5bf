package dev.sinq4j.engine;

import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Parameter;
import java.util.Map;
import java.util.Objects;

/**
 * A layer's numbers, laid out for one backend.
 *
 * @param layer    what the layer consists of
 * @param matrices by which linear layer
 * @param vectors  norms and biases, by tensor name
 * @param scalars  numbers of activation functions, by tensor name
 * @param memory   what all of them take; closing it ends them
 */
record LoadedLayer(
        Layer layer,
        Map<LinearId, LinearWeight> matrices,
        Map<String, Activations> vectors,
        Map<String, Float> scalars,
        Memory memory)
        implements AutoCloseable {

    LinearWeight matrix(Linear linear) {
        return Objects.requireNonNull(matrices.get(linear.id()), () -> linear.id() + " is not loaded");
    }

    Activations vector(Parameter parameter) {
        return Objects.requireNonNull(vectors.get(parameter.name()), () -> parameter.name() + " is not loaded");
    }

    float scalar(Parameter parameter) {
        return Objects.requireNonNull(scalars.get(parameter.name()), () -> parameter.name() + " is not loaded");
    }

    @Override
    public void close() {
        memory.close();
    }
}
