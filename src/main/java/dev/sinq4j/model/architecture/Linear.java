package dev.sinq4j.model.architecture;

import java.util.List;
import java.util.Optional;

/**
 * A linear layer: {@code y = x W^T + bias}.
 *
 * @param id          which one
 * @param tensor      the matrix's name in the model's files
 * @param bias        (rows), where there is one
 * @param rows        output features
 * @param columns     input features
 * @param quantizable whether methods may touch it; heads and routers stay as they are
 */
public record Linear(LinearId id, String tensor, Optional<Parameter> bias, int rows, int columns, boolean quantizable) {

    /** (rows, columns). */
    public List<Long> shape() {
        return List.of((long) rows, (long) columns);
    }

    /** Elements of the matrix. */
    public long elements() {
        return (long) rows * columns;
    }
}
