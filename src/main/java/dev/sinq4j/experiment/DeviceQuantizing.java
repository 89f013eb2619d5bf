package dev.sinq4j.experiment;

import dev.sinq4j.cuda.DeviceSize;
import dev.sinq4j.engine.LayerByLayer;
import dev.sinq4j.method.LaterSinq;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.Rotated;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;

/**
 * What quantizing takes of a GPU's memory, beside the weights that come of it.
 *
 * @param method      how
 * @param calibration of the text that it looks at
 */
record DeviceQuantizing(Method method, CalibrationNeeds calibration) {

    private static final int HALF = 2;

    /** Whether anything is computed there. */
    boolean isNeeded() {
        return calibration.blocks() > 0 || isDone(method);
    }

    /** Whether the device quantizes by a method; all others are the CPU's. */
    private static boolean isDone(Method method) {
        return switch (method) {
            case SinqFamily family -> true;
            case LaterSinq later -> true;
            case Rotated rotated -> isDone(rotated.rounding());
            default -> false;
        };
    }

    /** Whether the device looks for an activation scale. */
    private static boolean searches(Method method) {
        return switch (method) {
            case SinqFamily family -> family.activationScale() != ActivationScale.NONE;
            case LaterSinq later -> searches(later.family());
            default -> false;
        };
    }

    /** Rows of a tile. */
    static int rowBlock(Method method, Linear linear) {
        return method.tiling() == Tiling.TWO_D ? method.group() : linear.rows();
    }

    /** Of the largest matrix. */
    long space(Architecture architecture) {
        return architecture.linears().stream()
                .filter(Linear::quantizable)
                .mapToLong(this::space)
                .max()
                .orElse(0);
    }

    /** Of a matrix while its scale is sought and while it is rounded, one after the other. */
    long space(Linear linear) {
        if (!isDone(method)) return 0;
        int rows = linear.rows();
        int columns = linear.columns();
        int numberBytes = method instanceof Rotated ? Float.BYTES : HALF; // rotated in fp32
        long rounding = DeviceSize.quantizing(rows, columns, rowBlock(method, linear), method.group(), numberBytes);
        if (calibration.blocks() == 0 || !searches(method)) return rounding;
        int tokens = calibration.blocks() * calibration.tokens();
        return Math.max(rounding, DeviceSize.searching(rows, columns, method.group(), numberBytes, tokens));
    }

    /**
     * Of the calibration text on its way: its hidden states, a layer's dense weights, and what one of its blocks takes. The inputs of
     * matrices are kept on the host.
     */
    long calibrating(Architecture architecture) {
        if (calibration.blocks() == 0) return 0;
        HostPlan block = HostPlan.ofWindow(calibration.tokens());
        long states = (long) calibration.blocks() * calibration.tokens() * LayerByLayer.bytesPerToken(architecture);
        long dense = architecture.layers().stream()
                .mapToLong(DeviceQuantizing::denseBytes)
                .max()
                .orElse(0);
        return states + dense + block.cache(architecture) + block.activations(architecture, 1);
    }

    private static long denseBytes(Layer layer) {
        return HALF * layer.linears().stream().mapToLong(Linear::elements).sum()
                + Float.BYTES
                        * layer.parameters().stream()
                                .mapToLong(Parameter::elements)
                                .sum();
    }
}
