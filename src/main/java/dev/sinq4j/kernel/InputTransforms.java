package dev.sinq4j.kernel;

import dev.sinq4j.weight.InputTransform;
import java.util.Arrays;

/** Applies an {@link InputTransform} to activations. */
final class InputTransforms {

    private InputTransforms() {}

    /** {@code x} itself, or a transformed copy. x: (tokens, columns). */
    static float[] apply(InputTransform transform, float[] x, int tokens, int columns) {
        return switch (transform) {
            case InputTransform.None none -> x;
            case InputTransform.Hadamard hadamard -> {
                float[] rotated = Arrays.copyOf(x, tokens * columns);
                hadamard.apply(rotated, 0, rotated.length);
                yield rotated;
            }
        };
    }
}
