package dev.sinq4j.presinq;

import dev.sinq4j.method.PreSinq.Absorption;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import java.util.List;

/**
 * One place where a scale can be moved. The consumers read the same input; dividing their column {@code c} by a number and
 * multiplying the producer's output {@code outputs[c]} by it changes nothing.
 *
 * @param kind      what it is called
 * @param consumers matrices with as many columns as there are outputs listed
 * @param deciding  those of the consumers whose columns are to become even
 * @param producer  what makes their input
 * @param outputs   the producer's output that column {@code c} reads; columns that read one output get one scale
 */
record Absorbed(Absorption kind, List<Linear> consumers, List<Linear> deciding, Producer producer, int[] outputs) {

    Absorbed {
        consumers = List.copyOf(consumers);
        deciding = List.copyOf(deciding);
    }

    /** What makes the input of some matrices, and can be scaled output by output. */
    sealed interface Producer {

        /** A norm whose output nothing else reads: its weight is scaled. */
        record Norm(Parameter weight) implements Producer {}

        /** A matrix: its rows, and its bias where it has one, are scaled. */
        record Rows(Linear linear) implements Producer {}
    }

    int columns() {
        return outputs.length;
    }
}
