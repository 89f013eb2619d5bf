package dev.sinq4j.checkpoint;

import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Awq;
import dev.sinq4j.method.Hqq;
import dev.sinq4j.method.LaterSinq;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.quant.NormalFloat;
import dev.sinq4j.weight.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The method string of a checkpoint. The reference searches it for substrings; here it is a list of known words joined by
 * underscores, such as {@code sinq_awq_l1_quantAux}, and anything else is refused.
 *
 * @param text the string as stored
 */
record ReferenceMethod(String text) {

    private static final String SINQ = "sinq";
    private static final String AWQ = "awq";
    private static final Set<String> WORDS =
            Set.of(SINQ, "asinq", AWQ, "l1", "rtn", "hqq", "noz", "nf4", "nf3", "quantAux", "fp16aux", "nogemlite");

    /** The first word in a string that is not known. */
    static Optional<String> unknownWord(String text) {
        return Arrays.stream(text.split("_", -1))
                .filter(word -> !WORDS.contains(word))
                .findFirst();
    }

    /** The words {@link #unknownWord} accepts, for messages. */
    static String known() {
        return String.join(", ", WORDS.stream().sorted().toList());
    }

    /**
     * The string that makes the reference read a method's layers right. For methods the reference lacks that is the one whose
     * arithmetic of dequantizing is theirs; the checkpoint then names the method elsewhere.
     */
    static ReferenceMethod of(Method method) {
        return switch (method) {
            case SinqFamily family -> new ReferenceMethod(compose(family));
            case LaterSinq later -> new ReferenceMethod(compose(later.family()));
            case Hqq _ -> new ReferenceMethod("hqq");
            case Awq _ -> new ReferenceMethod(AWQ);
            default -> new ReferenceMethod("rtn");
        };
    }

    private static String compose(SinqFamily family) {
        List<String> words = new ArrayList<>();
        if (family.normalization() == Normalization.SINKHORN) words.add(SINQ);
        switch (family.activationScale()) {
            case NONE -> {}
            case SEARCH_L1 -> words.addAll(List.of(AWQ, "l1"));
            case SEARCH_L2 -> words.add(AWQ);
        }
        boolean scaled = !words.isEmpty();
        switch (family.rounding()) {
            case UNIFORM_ASYMMETRIC -> {
                if (!scaled) words.add("rtn");
            }
            case UNIFORM_SYMMETRIC -> words.addAll(scaled ? List.of("noz") : List.of("rtn", "noz"));
            case NF4 -> words.add("nf4");
            case NF3 -> words.add("nf3");
            case HQQ -> words.add("hqq");
        }
        if (family.aux() == AuxPrecision.INT8) words.add("quantAux");
        // a bare "sinq" is what the reference's configuration builder renames to sinq_quantAux
        if (words.equals(List.of(SINQ))) words.add("fp16aux");
        return String.join("_", words);
    }

    /** The levels that codes stand for, where they do not stand for themselves. */
    Optional<Grid.Codebook> codebook() {
        if (has("nf4")) return Optional.of(NormalFloat.nf4());
        if (has("nf3")) return Optional.of(NormalFloat.nf3());
        return Optional.empty();
    }

    private boolean has(String word) {
        return List.of(text.split("_", -1)).contains(word);
    }
}
