package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.Linear;
import java.util.List;

/** Is shown what goes into linear layers, just before they see it. */
@FunctionalInterface
interface InputObserver {

    /** Looks away. */
    InputObserver NONE = (linears, input, tokens) -> {};

    /**
     * @param linears that read this very input, such as q, k and v
     * @param input   (tokens, columns)
     */
    void input(List<Linear> linears, Activations input, int tokens);
}
