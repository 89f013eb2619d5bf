package dev.sinq4j.method;

import java.util.Map;

/**
 * AWQ: channels with large inputs are scaled up before rounding, by a scale searched on a calibration text; then each group's
 * range is clipped where that helps. Named {@code awq}; the activation search inside the SINQ reference is another, {@code awq-l1}
 * and {@code awq-l2}.
 *
 * <p>Source: Lin et al. 2024; {@code casper-hansen/AutoAWQ} 88e4c76, {@code quantize/quantizer.py}. Differs from it in that the
 * scale of each matrix is judged by that matrix's own output, not by that of the attention or feed-forward module around it, and
 * is kept with the matrix as a column scale instead of being folded into the layer before.
 *
 * @param bits  1, 2, 3, 4, 5, 6 or 8
 * @param group columns that share a scale
 * @param aux   how scales and zeros are stored: fp16 or fp32
 * @param clip  whether ranges are clipped, which the library does unless told otherwise
 */
public record Awq(int bits, int group, AuxPrecision aux, boolean clip) implements Method {

    public Awq {
        MethodRules.requireBits(bits);
        MethodRules.requireGroup(group);
        if (aux == AuxPrecision.INT8) throw new IllegalArgumentException("AWQ stores no 8-bit scales");
    }

    @Override
    public String name() {
        return "awq";
    }

    @Override
    public boolean needsCalibration() {
        return true;
    }

    @Override
    public Map<MethodOption, Object> options() {
        return clip ? Map.of() : Map.of(MethodOption.CLIP, false);
    }
}
