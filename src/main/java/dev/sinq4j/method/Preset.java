package dev.sinq4j.method;

import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.method.SinqFamily.Rounding;
import java.util.List;

/**
 * A named composition of the reference's parts; the rows of the table in {@link Methods}.
 *
 * @param aux  what {@code aux} is where a configuration is silent
 * @param bits what {@code bits} is where a configuration is silent
 */
record Preset(
        String name,
        Normalization normalization,
        ActivationScale activationScale,
        Rounding rounding,
        AuxPrecision aux,
        int bits) {

    private static final AuxPrecision FP16 = AuxPrecision.FP16;
    private static final AuxPrecision INT8 = AuxPrecision.INT8;

    static final List<Preset> ALL = List.of(
            plain("rtn", Rounding.UNIFORM_ASYMMETRIC),
            plain("rtn-symmetric", Rounding.UNIFORM_SYMMETRIC),
            plain("nf4", Rounding.NF4),
            plain("nf3", Rounding.NF3),
            plain("reference-hqq", Rounding.HQQ),
            awq("awq-l1", ActivationScale.SEARCH_L1),
            awq("awq-l2", ActivationScale.SEARCH_L2),
            sinq("sinq", Rounding.UNIFORM_ASYMMETRIC, INT8),
            sinq("sinq-symmetric", Rounding.UNIFORM_SYMMETRIC, FP16),
            sinq("sinq-nf4", Rounding.NF4, FP16),
            sinq("sinq-nf3", Rounding.NF3, FP16),
            sinq("sinq-hqq", Rounding.HQQ, FP16),
            asinq("asinq", ActivationScale.SEARCH_L1, Rounding.UNIFORM_ASYMMETRIC, INT8),
            asinq("asinq-l2", ActivationScale.SEARCH_L2, Rounding.UNIFORM_ASYMMETRIC, INT8),
            asinq("asinq-symmetric", ActivationScale.SEARCH_L1, Rounding.UNIFORM_SYMMETRIC, FP16),
            asinq("asinq-nf4", ActivationScale.SEARCH_L1, Rounding.NF4, FP16),
            asinq("asinq-nf3", ActivationScale.SEARCH_L1, Rounding.NF3, FP16),
            asinq("asinq-hqq", ActivationScale.SEARCH_L1, Rounding.HQQ, FP16));

    private static Preset plain(String name, Rounding rounding) {
        return new Preset(name, Normalization.NONE, ActivationScale.NONE, rounding, FP16, bits(rounding));
    }

    private static Preset awq(String name, ActivationScale search) {
        return new Preset(name, Normalization.NONE, search, Rounding.UNIFORM_ASYMMETRIC, FP16, 4);
    }

    private static Preset sinq(String name, Rounding rounding, AuxPrecision aux) {
        return new Preset(name, Normalization.SINKHORN, ActivationScale.NONE, rounding, aux, bits(rounding));
    }

    private static Preset asinq(String name, ActivationScale search, Rounding rounding, AuxPrecision aux) {
        return new Preset(name, Normalization.SINKHORN, search, rounding, aux, bits(rounding));
    }

    private static int bits(Rounding rounding) {
        return rounding == Rounding.NF3 ? 3 : 4;
    }
}
