package dev.sinq4j.cuda;

import dev.sinq4j.cuda.KernelCheck.Compared;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Rounding;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.SearchTask;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The quantizers of a backend: codes, scales and zeros, by the share that differs. Their times include both ways across the bus.
 *
 * @param weight random
 * @param inputs random, of a search
 */
record QuantizerChecks(Tensor weight, Inputs inputs) {

    private static final double TIES = 1e-3; // codes that fall the other way

    List<KernelCheck> all() {
        return List.of(
                rounding("quantize_sinkhorn", 4, Rounding.UNIFORM_ASYMMETRIC),
                rounding("quantize_round", 3, Rounding.UNIFORM_SYMMETRIC),
                rounding("quantize_round", 4, Rounding.NF4),
                rounding("hqq", 4, Rounding.HQQ),
                check(
                        "activation_search",
                        KernelChecks.sinq(4, ActivationScale.SEARCH_L1, Rounding.UNIFORM_ASYMMETRIC),
                        inputs));
    }

    private KernelCheck rounding(String file, int bits, Rounding rounding) {
        return check(file, KernelChecks.sinq(bits, ActivationScale.NONE, rounding), null);
    }

    /** @param given null for a method that looks at no inputs */
    private KernelCheck check(String file, SinqFamily method, @Nullable Inputs given) {
        int rows = weight.rows();
        int columns = weight.columns();
        int groups = PackedWeight.groups(columns, method.group());
        String search = given == null ? "" : " with a search over " + given.tokens() + " tokens";
        return new KernelCheck(
                "quantize, SINQ " + method.bits() + " bits, "
                        + method.rounding().name().toLowerCase(Locale.ROOT) + search,
                file,
                null,
                new float[][] {KernelChecks.unwritten(rows * columns), KernelChecks.unwritten(rows * groups)},
                (b, g, a) -> {
                    PackedWeight packed = (PackedWeight)
                            b.quantizer(method).quantize(weight, given).weight();
                    float[] codes = new float[rows * columns];
                    for (int e = 0; e < codes.length; e++) codes[e] = packed.codes()[e];
                    b.write(codes, codes.length, a[0]);
                    b.write(packed.scale().values(), rows * groups, a[1]);
                },
                Compared.SHARE,
                TIES,
                3L * rows * columns + 8L * rows * groups,
                given == null ? 0 : 2L * SearchTask.CANDIDATES * given.tokens() * rows * columns);
    }
}
