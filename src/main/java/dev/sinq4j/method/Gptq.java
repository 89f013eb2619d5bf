package dev.sinq4j.method;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * GPTQ as its authors' code computes it: a column at a time, the error of each made good by the columns still to come, as the
 * inputs of a calibration text tell. Named {@code gptq}.
 *
 * <p>Source: {@code IST-DASLab/gptq}, {@code gptq.py} and {@code quant.py}, asymmetric. Differs from it in that a group's grid
 * is made from weights that all earlier columns have corrected, whatever the block size; there it lacks the corrections of
 * columns in the same block.
 *
 * @param bits           1, 2, 3, 4, 5, 6 or 8
 * @param group          columns that share a scale
 * @param aux            how scales and zeros are stored: fp16 or fp32
 * @param actOrder       columns with the largest inputs first
 * @param dampingPercent what is added to the Hessian's diagonal, as a share (0.01 = 1 %) of its mean; from 0 to below 1
 * @param staticGroups   make every group's grid from the original weights, before anything is corrected; {@code actOrder}
 *                       needs it, since the columns of a group are then not neighbours in time
 */
public record Gptq(int bits, int group, AuxPrecision aux, boolean actOrder, double dampingPercent, boolean staticGroups)
        implements Method {

    /** The authors' damping. */
    public static final double DAMPING = 0.01;

    public Gptq {
        MethodRules.requireBits(bits);
        MethodRules.requireGroup(group);
        if (aux == AuxPrecision.INT8) throw new IllegalArgumentException("GPTQ stores no 8-bit scales");
        if (!(dampingPercent >= 0 && dampingPercent < 1))
            throw new IllegalArgumentException("damping must be a share from 0 to below 1, was " + dampingPercent);
        if (actOrder && !staticGroups)
            throw new IllegalArgumentException("columns in the order of their inputs need static groups");
    }

    @Override
    public String name() {
        return "gptq";
    }

    @Override
    public boolean needsCalibration() {
        return true;
    }

    @Override
    public boolean sequentialCalibration() {
        return true;
    }

    @Override
    public Map<MethodOption, Object> options() {
        Map<MethodOption, Object> options = new LinkedHashMap<>();
        if (actOrder) options.put(MethodOption.ACT_ORDER, true);
        if (dampingPercent != DAMPING) options.put(MethodOption.DAMPING, dampingPercent);
        return options;
    }
}
