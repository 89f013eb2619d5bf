package dev.sinq4j.method;

import java.util.Map;

/**
 * A composition out of the SINQ reference's parts. The reference runs the Sinkhorn normalization in every method and
 * multiplies it back where {@code normalization} is {@link Normalization#NONE}, which costs two roundings; so do we.
 *
 * @param name            preset name
 * @param bits            1, 2, 3, 4, 5, 6 or 8
 * @param group           tile width, columns that share a scale
 * @param normalization   whether Sinkhorn scales are kept
 * @param activationScale whether an AWQ-like scale is searched first
 * @param rounding        how a normalized tile becomes codes
 * @param tiling          rows of a tile: all of them, or as many as columns
 * @param aux             how scales and zeros are stored
 * @param referenceExact  reproduce the reference's defects instead of mending them
 */
public record SinqFamily(
        String name,
        int bits,
        int group,
        Normalization normalization,
        ActivationScale activationScale,
        Rounding rounding,
        Tiling tiling,
        AuxPrecision aux,
        boolean referenceExact)
        implements Method {

    public SinqFamily {
        MethodRules.requireBits(bits);
        MethodRules.requireGroup(group);
        MethodRules.requireBitsOf(rounding, bits);
    }

    @Override
    public boolean needsCalibration() {
        return activationScale != ActivationScale.NONE;
    }

    @Override
    public Map<MethodOption, Object> options() {
        return referenceExact ? Map.of(MethodOption.REFERENCE_EXACT, true) : Map.of();
    }

    /** Whether the Sinkhorn scales are kept. */
    public enum Normalization {
        NONE,
        SINKHORN
    }

    /** Which activation scale is searched, and by which error. */
    public enum ActivationScale {
        NONE,
        /** Mean absolute output difference, the reference's {@code awq_l1}. */
        SEARCH_L1,
        /** Mean squared output difference, the reference's {@code awq}. */
        SEARCH_L2
    }

    /** How a row of a tile becomes codes. */
    public enum Rounding {
        UNIFORM_ASYMMETRIC,
        UNIFORM_SYMMETRIC,
        NF4,
        NF3,
        HQQ
    }
}
