package dev.sinq4j.method;

import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Normalization;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A randomized Hadamard rotation of the inputs before another method rounds: {@code W' = W R^T} is quantized and
 * {@code y = W~' (R x)}. Named {@code hadamard-} and the other's name.
 *
 * <pre>
 *   R x = H (signs * x) / sqrt(n)      on each block of n columns
 * </pre>
 *
 * n is the largest known order of a Hadamard matrix that divides the columns. The signs follow from the seed and the number of
 * columns alone, so that matrices that share an input share its rotation.
 *
 * <p>Source: Ashkboos et al. 2024 (QuaRot), {@code spcl/QuaRot}, {@code fake_quant}. There the rotations are folded into
 * neighbouring weights where the model allows; here every matrix is rotated by itself, in any family, and its input at run time.
 *
 * @param rounding rounds the rotated matrix: RTN or GPTQ
 * @param seed     of the signs
 */
public record Rotated(Method rounding, long seed) implements Method {

    /** What the seed is where a configuration is silent. */
    public static final long DEFAULT_SEED = 0;

    private static final String PREFIX = "hadamard-";

    public Rotated {
        boolean plain = rounding instanceof Gptq
                || (rounding instanceof SinqFamily family
                        && family.normalization() == Normalization.NONE
                        && family.activationScale() == ActivationScale.NONE);
        if (!plain) throw new IllegalArgumentException("a rotation goes with plain rounding or GPTQ, not " + rounding);
    }

    @Override
    public String name() {
        return PREFIX + rounding.name();
    }

    @Override
    public int bits() {
        return rounding.bits();
    }

    @Override
    public int group() {
        return rounding.group();
    }

    @Override
    public @Nullable Tiling tiling() {
        return rounding.tiling();
    }

    @Override
    public @Nullable AuxPrecision aux() {
        return rounding.aux();
    }

    @Override
    public boolean needsCalibration() {
        return rounding.needsCalibration();
    }

    @Override
    public boolean sequentialCalibration() {
        return rounding.sequentialCalibration();
    }

    @Override
    public Map<MethodOption, Object> options() {
        Map<MethodOption, Object> options = new LinkedHashMap<>(rounding.options());
        if (seed != DEFAULT_SEED) options.put(MethodOption.ROTATION_SEED, seed);
        return options;
    }
}
