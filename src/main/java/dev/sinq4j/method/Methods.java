package dev.sinq4j.method;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.Resolution.Accepted;
import dev.sinq4j.method.Resolution.Refusal;
import dev.sinq4j.method.Resolution.Refused;
import dev.sinq4j.method.SinqFamily.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The named methods. The reference searches its method string for substrings and takes a misspelt name for RTN; here a
 * name is one of a closed list and everything else is refused with the nearest valid name.
 *
 * <table>
 * <caption>Presets, and the string that makes the SINQ reference (commit bbbc657) do the same</caption>
 * <tr><th>preset</th><th>reference's string</th><th>default aux</th></tr>
 * <tr><td>none</td><td>(not quantized)</td><td></td></tr>
 * <tr><td>rtn</td><td>rtn</td><td>fp16</td></tr>
 * <tr><td>rtn-symmetric</td><td>rtn_noz</td><td>fp16</td></tr>
 * <tr><td>nf4, nf3</td><td>nf4, nf3</td><td>fp16</td></tr>
 * <tr><td>reference-hqq</td><td>hqq</td><td>fp16</td></tr>
 * <tr><td>hqq</td><td>(the HQQ library 0.2.8.post1, axis 1)</td><td>fp16</td></tr>
 * <tr><td>gptq</td><td>(the GPTQ authors' code, asymmetric; with act-order static groups)</td><td>fp16</td></tr>
 * <tr><td>awq-l1, awq-l2</td><td>awq_l1, awq</td><td>fp16</td></tr>
 * <tr><td>sinq</td><td>sinq_quantAux, which its configuration builder makes of sinq; aux fp16: sinq_fp16aux</td><td>int8</td></tr>
 * <tr><td>sinq-symmetric</td><td>sinq_noz</td><td>fp16</td></tr>
 * <tr><td>sinq-nf4, sinq-nf3, sinq-hqq</td><td>sinq_nf4, sinq_nf3, sinq_hqq</td><td>fp16</td></tr>
 * <tr><td>asinq</td><td>sinq_awq_l1_quantAux, which its configuration builder makes of asinq; aux fp16: sinq_awq_l1</td><td>int8</td></tr>
 * <tr><td>asinq-l2</td><td>sinq_awq_quantAux</td><td>int8</td></tr>
 * <tr><td>asinq-symmetric, asinq-nf4, asinq-nf3, asinq-hqq</td><td>sinq_awq_l1_noz, sinq_awq_l1_nf4 ...</td><td>fp16</td></tr>
 * </table>
 *
 * With {@code aux: int8} the string ends in {@code quantAux}; {@code aux: fp32} is the reference run with its device given as
 * the string "cpu". Defaults: 4 bits (NF3: 3), group 64, 1D tiling, mended behaviour.
 */
public final class Methods {

    private static final int DEFAULT_GROUP = 64;
    private static final String EXTENSIONS_LACK = "a method of an extension has bits and group only; leave it out";

    private Methods() {}

    /** Every name, the unquantized model first, methods of extensions last. */
    public static List<String> names() {
        return Stream.concat(builtIn().stream(), Extensions.all().stream().map(MethodExtension::name))
                .toList();
    }

    /** The names this program brings along. */
    public static List<String> builtIn() {
        return Stream.concat(
                        Stream.of("none", "hqq", "gptq"), Preset.ALL.stream().map(Preset::name))
                .toList();
    }

    /** Turns a request into a method, or says everything that is wrong with it. */
    public static Resolution resolve(MethodRequest request) {
        return switch (request.name()) {
            case "none" -> resolveDense(request);
            case "hqq" -> resolveHqq(request);
            case "gptq" -> resolveGptq(request);
            default ->
                preset(request.name())
                        .map(preset -> resolvePreset(preset, request))
                        .or(() ->
                                Extensions.named(request.name()).map(extension -> resolveExternal(extension, request)))
                        .orElseGet(() -> new Refused(List.of(new Refusal("method", unknown(request.name())))));
        };
    }

    /**
     * The method of a request.
     *
     * @throws UsageFailure naming each setting that is wrong
     */
    public static Method of(MethodRequest request) {
        return switch (resolve(request)) {
            case Accepted accepted -> accepted.method();
            case Refused refused ->
                throw new UsageFailure("method '" + request.name() + "': "
                        + refused.refusals().stream()
                                .map(refusal -> refusal.field() + ": " + refusal.reason())
                                .collect(Collectors.joining("; ")));
        };
    }

    private static Optional<Preset> preset(String name) {
        return Preset.ALL.stream().filter(preset -> preset.name().equals(name)).findFirst();
    }

    private static String unknown(String name) {
        return "there is no method '" + name + "'"
                + NearestName.of(name, names())
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("; there are " + String.join(", ", names()));
    }

    private static Resolution resolvePreset(Preset preset, MethodRequest request) {
        int bits = orElse(request.bits(), preset.bits());
        int group = orElse(request.group(), DEFAULT_GROUP);
        Refusals refusals = new Refusals();
        refusals.add("bits", refuseBits(preset.rounding(), bits));
        refusals.add("group", MethodRules.refuseGroup(group));
        refuseOrder(request, refusals);
        return refusals.orAccept(() -> new SinqFamily(
                preset.name(),
                bits,
                group,
                preset.normalization(),
                preset.activationScale(),
                preset.rounding(),
                orElse(request.tiling(), Tiling.ONE_D),
                orElse(request.aux(), preset.aux()),
                orElse(request.referenceExact(), false)));
    }

    private static @Nullable String refuseBits(Rounding rounding, int bits) {
        String reason = MethodRules.refuseBits(bits);
        return reason != null ? reason : MethodRules.refuseBits(rounding, bits);
    }

    private static Resolution resolveHqq(MethodRequest request) {
        int bits = orElse(request.bits(), 4);
        int group = orElse(request.group(), DEFAULT_GROUP);
        AuxPrecision aux = orElse(request.aux(), AuxPrecision.FP16);
        Refusals refusals = new Refusals();
        refusals.add("bits", MethodRules.refuseBits(bits));
        refusals.add("group", MethodRules.refuseGroup(group));
        refusals.addIf(
                aux == AuxPrecision.INT8,
                "aux",
                "the HQQ library has no 8-bit scales; write fp16 or fp32, or take reference-hqq");
        refusals.addIf(
                request.tiling() == Tiling.TWO_D, "tiling", "hqq has no tiles; leave it out, or take reference-hqq");
        refusals.addIf(
                orElse(request.referenceExact(), false),
                "reference-exact",
                "hqq is the HQQ library's own; the SINQ reference's variant is reference-hqq");
        refuseOrder(request, refusals);
        return refusals.orAccept(() -> new Hqq(bits, group, aux));
    }

    private static Resolution resolveGptq(MethodRequest request) {
        int bits = orElse(request.bits(), 4);
        int group = orElse(request.group(), DEFAULT_GROUP);
        AuxPrecision aux = orElse(request.aux(), AuxPrecision.FP16);
        boolean actOrder = orElse(request.actOrder(), false);
        Refusals refusals = new Refusals();
        refusals.add("bits", MethodRules.refuseBits(bits));
        refusals.add("group", MethodRules.refuseGroup(group));
        refusals.addIf(aux == AuxPrecision.INT8, "aux", "gptq has no 8-bit scales; write fp16 or fp32");
        refusals.addIf(request.tiling() == Tiling.TWO_D, "tiling", "gptq has no tiles; leave it out");
        refusals.addIf(
                orElse(request.referenceExact(), false),
                "reference-exact",
                "gptq is no method of the SINQ reference; leave it out");
        return refusals.orAccept(() -> new Gptq(bits, group, aux, actOrder, Gptq.DAMPING, actOrder));
    }

    private static Resolution resolveExternal(MethodExtension extension, MethodRequest request) {
        int bits = orElse(request.bits(), extension.bits().getFirst());
        int group = orElse(request.group(), extension.group());
        Refusals refusals = new Refusals();
        refusals.addIf(
                !extension.bits().contains(bits),
                "bits",
                bits + " is not one of those " + extension.name() + " can do: " + extension.bits());
        if (extension.group() > 0) refusals.add("group", MethodRules.refuseGroup(group));
        else refusals.addIf(group != 0, "group", extension.name() + " has no groups; leave it out");
        refusals.addIf(request.tiling() != null, "tiling", EXTENSIONS_LACK);
        refusals.addIf(request.aux() != null, "aux", EXTENSIONS_LACK);
        refusals.addIf(request.referenceExact() != null, "reference-exact", EXTENSIONS_LACK);
        refusals.addIf(request.actOrder() != null, "act-order", EXTENSIONS_LACK);
        return refusals.orAccept(
                () -> new External(extension.name(), extension.version(), bits, group, extension.calibration()));
    }

    private static void refuseOrder(MethodRequest request, Refusals refusals) {
        refusals.addIf(
                orElse(request.actOrder(), false),
                "act-order",
                request.name() + " rounds all columns alike; only gptq has an order");
    }

    private static Resolution resolveDense(MethodRequest request) {
        Refusals refusals = new Refusals();
        refusals.addIf(orElse(request.bits(), 16) != 16, "bits", "none quantizes nothing; leave it out");
        refusals.addIf(request.group() != null, "group", "none has no groups; leave it out");
        refusals.addIf(request.tiling() != null, "tiling", "none has no tiles; leave it out");
        refusals.addIf(request.aux() != null, "aux", "none has no scales; leave it out");
        refusals.addIf(
                orElse(request.referenceExact(), false), "reference-exact", "none quantizes nothing; leave it out");
        refuseOrder(request, refusals);
        return refusals.orAccept(Dense::new);
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value != null ? value : otherwise;
    }

    /** Reasons collected while a request is read. */
    private static final class Refusals {

        private final List<Refusal> all = new ArrayList<>();

        void add(String field, @Nullable String reason) {
            if (reason != null) all.add(new Refusal(field, reason));
        }

        void addIf(boolean wrong, String field, String reason) {
            if (wrong) add(field, reason);
        }

        Resolution orAccept(Supplier<Method> method) {
            return all.isEmpty() ? new Accepted(method.get()) : new Refused(all);
        }
    }
}
