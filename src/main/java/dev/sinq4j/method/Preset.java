package dev.sinq4j.method;

import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.method.SinqFamily.Rounding;
import java.util.List;
import java.util.Set;

/**
 * A named composition of the reference's parts; the rows of the table in {@link Methods}.
 *
 * @param reference the string that makes the reference do the same
 * @param aux       what {@code aux} is where a configuration is silent
 * @param bits      what {@code bits} is where a configuration is silent
 */
record Preset(
        String name,
        String reference,
        Normalization normalization,
        ActivationScale activationScale,
        Rounding rounding,
        AuxPrecision aux,
        int bits) {

    private static final AuxPrecision FP16 = AuxPrecision.FP16;
    private static final AuxPrecision INT8 = AuxPrecision.INT8;
    private static final Set<MethodOption> OPTIONS = Set.of(MethodOption.REFERENCE_EXACT);
    private static final Set<MethodOption> SINKHORN_OPTIONS =
            Set.of(MethodOption.REFERENCE_EXACT, MethodOption.KURTOSIS_GATE, MethodOption.TILE_HALVING);

    static final List<Preset> ALL = List.of(
            plain("rtn", "rtn", Rounding.UNIFORM_ASYMMETRIC),
            plain("rtn-symmetric", "rtn_noz", Rounding.UNIFORM_SYMMETRIC),
            plain("nf4", "nf4", Rounding.NF4),
            plain("nf3", "nf3", Rounding.NF3),
            plain("reference-hqq", "hqq", Rounding.HQQ),
            awq("awq-l1", "awq_l1", ActivationScale.SEARCH_L1),
            awq("awq-l2", "awq", ActivationScale.SEARCH_L2),
            new Preset(
                    "awq-l1-hqq", "awq_l1_hqq", Normalization.NONE, ActivationScale.SEARCH_L1, Rounding.HQQ, FP16, 4),
            sinq("sinq", "sinq", Rounding.UNIFORM_ASYMMETRIC, INT8),
            sinq("sinq-symmetric", "sinq_noz", Rounding.UNIFORM_SYMMETRIC, FP16),
            sinq("sinq-nf4", "sinq_nf4", Rounding.NF4, FP16),
            sinq("sinq-nf3", "sinq_nf3", Rounding.NF3, FP16),
            sinq("sinq-hqq", "sinq_hqq", Rounding.HQQ, FP16),
            asinq("asinq", "sinq_awq_l1", ActivationScale.SEARCH_L1, Rounding.UNIFORM_ASYMMETRIC, INT8),
            asinq("asinq-l2", "sinq_awq", ActivationScale.SEARCH_L2, Rounding.UNIFORM_ASYMMETRIC, INT8),
            asinq("asinq-symmetric", "sinq_awq_l1_noz", ActivationScale.SEARCH_L1, Rounding.UNIFORM_SYMMETRIC, FP16),
            asinq("asinq-nf4", "sinq_awq_l1_nf4", ActivationScale.SEARCH_L1, Rounding.NF4, FP16),
            asinq("asinq-nf3", "sinq_awq_l1_nf3", ActivationScale.SEARCH_L1, Rounding.NF3, FP16),
            asinq("asinq-hqq", "sinq_awq_l1_hqq", ActivationScale.SEARCH_L1, Rounding.HQQ, FP16));

    private static Preset plain(String name, String reference, Rounding rounding) {
        return new Preset(name, reference, Normalization.NONE, ActivationScale.NONE, rounding, FP16, bits(rounding));
    }

    private static Preset awq(String name, String reference, ActivationScale search) {
        return new Preset(name, reference, Normalization.NONE, search, Rounding.UNIFORM_ASYMMETRIC, FP16, 4);
    }

    private static Preset sinq(String name, String reference, Rounding rounding, AuxPrecision aux) {
        return new Preset(name, reference, Normalization.SINKHORN, ActivationScale.NONE, rounding, aux, bits(rounding));
    }

    private static Preset asinq(
            String name, String reference, ActivationScale search, Rounding rounding, AuxPrecision aux) {
        return new Preset(name, reference, Normalization.SINKHORN, search, rounding, aux, bits(rounding));
    }

    private static int bits(Rounding rounding) {
        return rounding == Rounding.NF3 ? 3 : 4;
    }

    MethodFacts facts() {
        return new MethodFacts(
                name, does(), source(), oracle(), normalization == Normalization.SINKHORN ? SINKHORN_OPTIONS : OPTIONS);
    }

    private String does() {
        String how = switch (rounding) {
            case UNIFORM_ASYMMETRIC -> "rounds to nearest on an asymmetric grid";
            case UNIFORM_SYMMETRIC -> "rounds to nearest on a symmetric grid";
            case NF4 -> "rounds to the 16 levels of NF4";
            case NF3 -> "rounds to 8 levels spaced like NF4's";
            case HQQ -> "refines the zeros by half-quadratic steps, the reference's variant";
        };
        String error = activationScale == ActivationScale.SEARCH_L1 ? "absolute" : "squared";
        String scaled = activationScale == ActivationScale.NONE
                ? how
                : "searches an activation scale by the mean " + error + " output difference, then " + how;
        return normalization == Normalization.SINKHORN ? "balances tiles by Sinkhorn scales, " + scaled : scaled;
    }

    private String source() {
        return "SINQ reference, commit bbbc657, method string " + reference + (aux == INT8 ? "_quantAux" : "");
    }

    private String oracle() {
        return activationScale == ActivationScale.NONE
                ? "the reference's codes, scales and zeros, bit for bit (rtn and hqq: within the measured ties)"
                : "the reference's search and codes on recorded activations";
    }
}
