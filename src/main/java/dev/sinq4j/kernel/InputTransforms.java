package dev.sinq4j.kernel;

import dev.sinq4j.weight.HadamardRotation;
import dev.sinq4j.weight.InputTransform;

/** Applies an {@link InputTransform} to activations. */
final class InputTransforms {

    private InputTransforms() {}

    /** {@code x} itself, or a transformed copy. x: (tokens, columns). */
    static float[] apply(InputTransform transform, float[] x, int tokens, int columns) {
        return switch (transform) {
            case InputTransform.None none -> x;
            case InputTransform.Hadamard hadamard -> {
                float[] rotated = new float[tokens * columns];
                for (int i = 0; i < rotated.length; i++) rotated[i] = hadamard.signs()[i % columns] * x[i];
                HadamardRotation.of(hadamard.block()).apply(rotated, 0, rotated.length);
                yield rotated;
            }
        };
    }
}
