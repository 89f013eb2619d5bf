package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.architecture.Role;
import java.util.List;
import java.util.Optional;

/**
 * Writes down the tensors of one layer, or of one expert in it: {@code model.layers.3.} and what follows.
 *
 * @param layer  from 0
 * @param expert from 0, or {@link LinearId#NONE}
 */
record LayerNames(int layer, int expert) {

    static LayerNames of(int layer) {
        return new LayerNames(layer, LinearId.NONE);
    }

    /** The same layer's expert; names then start at {@code mlp.experts.E.}. */
    LayerNames expert(int index) {
        return new LayerNames(layer, index);
    }

    Linear linear(Role role, String name, int rows, int columns) {
        return linear(role, name, rows, columns, false);
    }

    Linear linear(Role role, String name, int rows, int columns, boolean bias) {
        return linear(role, name, rows, columns, bias, true);
    }

    /** A matrix that is never quantized. */
    Linear router(String name, int rows, int columns) {
        return linear(Role.ROUTER, name, rows, columns, false, false);
    }

    /** RMSNorm weight. */
    Parameter norm(String name, int size) {
        return new Parameter(full(name) + ".weight", List.of((long) size), 1);
    }

    /** A number of an activation function that is never learned, by itself. */
    Parameter constant(String name, float typical) {
        return new Parameter(full(name), List.of(), typical, 0, true);
    }

    /** A number of an activation function, as a vector of one. */
    Parameter single(String name, float typical) {
        return new Parameter(full(name), List.of(1L), typical);
    }

    private Linear linear(Role role, String name, int rows, int columns, boolean bias, boolean quantizable) {
        Optional<Parameter> biasTensor =
                bias ? Optional.of(new Parameter(full(name) + ".bias", List.of((long) rows), 0)) : Optional.empty();
        return new Linear(
                new LinearId(layer, role, expert), full(name) + ".weight", biasTensor, rows, columns, quantizable);
    }

    private String full(String name) {
        String within = expert == LinearId.NONE ? "" : "mlp.experts." + expert + ".";
        return "model.layers." + layer + "." + within + name;
    }
}
