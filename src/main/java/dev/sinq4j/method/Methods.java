package dev.sinq4j.method;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.Resolution.Accepted;
import dev.sinq4j.method.Resolution.Refusal;
import dev.sinq4j.method.Resolution.Refused;
import java.util.List;
import java.util.Set;
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
 * <tr><td>hadamard-rtn, hadamard-gptq</td><td>({@link Rotated}: the two after a randomized Hadamard rotation, QuaRot)</td><td>fp16</td></tr>
 * <tr><td>awq</td><td>({@link Awq}: AutoAWQ)</td><td>fp16</td></tr>
 * <tr><td>bnb-nf4, bnb-fp4</td><td>({@link BitsAndBytes})</td><td>fp32</td></tr>
 * <tr><td>q4_0, q4_1, q5_0, q8_0, q3_k_s</td><td>({@link LlamaCpp})</td><td></td></tr>
 * <tr><td>awq-l1, awq-l2, awq-l1-hqq</td><td>awq_l1, awq, awq_l1_hqq</td><td>fp16</td></tr>
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

    private static final String EXTENSIONS_LACK = "a method of an extension has bits and group only; leave it out";

    private Methods() {}

    /** Every name, the unquantized model first, methods of extensions last. */
    public static List<String> names() {
        return Stream.concat(builtIn().stream(), Extensions.all().stream().map(MethodExtension::name))
                .toList();
    }

    /** The names this program brings along. */
    public static List<String> builtIn() {
        return facts().stream().map(MethodFacts::name).toList();
    }

    /** What there is to tell of every method, in the order of {@link #builtIn}. */
    public static List<MethodFacts> facts() {
        return Catalogue.ALL.stream().map(Catalogue.Entry::facts).toList();
    }

    /** Turns a request into a method, or says everything that is wrong with it. */
    public static Resolution resolve(MethodRequest request) {
        return Catalogue.ALL.stream()
                .filter(entry -> entry.facts().name().equals(request.name()))
                .findFirst()
                .map(entry -> entry.read().apply(new Reading(request, entry.facts())))
                .or(() -> Extensions.named(request.name()).map(extension -> external(extension, request)))
                .orElseGet(() -> new Refused(List.of(new Refusal("method", unknown(request.name())))));
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

    private static String unknown(String name) {
        return "there is no method '" + name + "'"
                + NearestName.of(name, names())
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("; there are " + String.join(", ", names()));
    }

    private static Resolution external(MethodExtension extension, MethodRequest request) {
        String name = extension.name();
        Reading reading = new Reading(request, new MethodFacts(name, "", extension.source(), "", Set.of()));
        int bits = reading.bits(extension.bits().getFirst(), asked -> refuseBits(extension, asked));
        int group = extension.group() > 0 ? reading.group(extension.group()) : 0;
        if (extension.group() == 0)
            reading.refuseGiven("group", request.group(), name + " has no groups; leave it out");
        reading.refuseGiven("tiling", request.tiling(), EXTENSIONS_LACK);
        reading.refuseGiven("aux", request.aux(), EXTENSIONS_LACK);
        return reading.orAccept(() -> new External(name, extension.version(), bits, group, extension.calibration()));
    }

    private static @Nullable String refuseBits(MethodExtension extension, int bits) {
        if (extension.bits().contains(bits)) return null;
        return bits + " is not one of those " + extension.name() + " can do: " + extension.bits();
    }
}
