package dev.sinq4j.checkpoint;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Weight;
import java.util.Optional;

/** Takes a model's tensors one after the other, in {@link ModuleOrder}, and writes them; keeps none. */
sealed interface CheckpointWriter extends AutoCloseable
        permits SinqCheckpointWriter, DenseCheckpointWriter, GgufCheckpointWriter {

    /** A tensor that methods leave alone. */
    void tensor(Tensor tensor);

    /** A matrix that methods may touch, and its bias where it has one. */
    void layer(Linear linear, Weight weight, Optional<Tensor> bias);

    /** Writes what is left and the files that say what lies where. */
    void finish();

    @Override
    void close();
}
