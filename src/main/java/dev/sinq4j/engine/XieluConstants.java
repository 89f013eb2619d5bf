package dev.sinq4j.engine;

import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;

/**
 * What xIELU computes with, see {@link dev.sinq4j.kernel.Kernels#xielu}.
 *
 * <p>p and n are rounded to the type they are stored in, since transformers computes them in it: its activation keeps its own
 * type, bf16, when the rest of the model is widened to fp32.
 *
 * @param p    softplus(alpha_p)
 * @param n    beta + softplus(alpha_n)
 */
record XieluConstants(float p, float n, float beta, float eps) {

    /** Tensors of one element each. */
    static XieluConstants of(Tensor alphaP, Tensor alphaN, Tensor beta, Tensor eps) {
        float softplusN = rounded(softplus(alphaN.floats()[0]), alphaN.dtype());
        return new XieluConstants(
                rounded(softplus(alphaP.floats()[0]), alphaP.dtype()),
                rounded(beta.floats()[0] + softplusN, alphaN.dtype()),
                beta.floats()[0],
                eps.floats()[0]);
    }

    private static float softplus(float x) {
        return (float) Math.log1p(Math.exp(x));
    }

    private static float rounded(float value, DType dtype) {
        return switch (dtype) {
            case BF16 -> BFloat16.toFloat(BFloat16.fromFloat(value));
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            default -> value;
        };
    }
}
