package dev.sinq4j.method;

import dev.sinq4j.method.Resolution.Accepted;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every named method with the way its requests are read. */
final class Catalogue {

    private static final Set<MethodOption> HESSIAN = Set.of(MethodOption.ACT_ORDER, MethodOption.DAMPING);

    /** In the order of {@link Methods#names}. */
    static final List<Entry> ALL = all();

    private Catalogue() {}

    /** A name and how a request for it becomes a method. */
    record Entry(MethodFacts facts, Function<Reading, Resolution> read) {}

    private static List<Entry> all() {
        List<Entry> all = new ArrayList<>();
        all.add(new Entry(
                new MethodFacts(
                        "none", "leaves the model as it is", "the model's own files", "transformers' logits", Set.of()),
                Catalogue::dense));
        all.add(new Entry(
                new MethodFacts(
                        "hqq",
                        "refines scales and zeros by half-quadratic steps",
                        "HQQ library 0.2.8.post1, Quantizer.quantize, axis 1",
                        "the library's codes, zeros and scales",
                        Set.of()),
                Catalogue::hqq));
        all.add(new Entry(
                new MethodFacts(
                        "gptq",
                        "makes each column's rounding error good in the columns still to come",
                        "Frantar et al. 2023; IST-DASLab/gptq, gptq.py and quant.py, asymmetric",
                        "a naive O(K^3) computation in fp64, to 1e-5",
                        HESSIAN),
                Catalogue::gptq));
        Preset.ALL.forEach(preset -> all.add(new Entry(preset.facts(), reading -> preset(preset, reading))));
        all.add(new Entry(
                rotated("hadamard-rtn", "rotates the inputs by a randomized Hadamard matrix, then rtn", Set.of()),
                reading -> rotated(reading, preset(rtn(), reading))));
        all.add(new Entry(
                rotated("hadamard-gptq", "rotates the inputs by a randomized Hadamard matrix, then gptq", HESSIAN),
                reading -> rotated(reading, gptq(reading))));
        return List.copyOf(all);
    }

    private static MethodFacts rotated(String name, String does, Set<MethodOption> others) {
        Set<MethodOption> options = EnumSet.of(MethodOption.ROTATION_SEED);
        options.addAll(others);
        return new MethodFacts(
                name,
                does,
                "Ashkboos et al. 2024, QuaRot; each matrix rotated by itself",
                "an explicit Hadamard matrix; orthogonal to 1e-6, undone exactly",
                options);
    }

    private static Preset rtn() {
        return Preset.ALL.getFirst();
    }

    private static Resolution dense(Reading reading) {
        MethodRequest request = reading.request();
        reading.onlyBits(16, "none quantizes nothing; leave it out");
        reading.refuseGiven("group", request.group(), "none has no groups; leave it out");
        reading.refuseGiven("tiling", request.tiling(), "none has no tiles; leave it out");
        reading.refuseGiven("aux", request.aux(), "none has no scales; leave it out");
        return reading.orAccept(Dense::new);
    }

    private static Resolution preset(Preset preset, Reading reading) {
        int bits = reading.bits(preset.bits(), asked -> refuseBits(preset, asked));
        int group = reading.group();
        return reading.orAccept(() -> new SinqFamily(
                preset.name(),
                bits,
                group,
                preset.normalization(),
                preset.activationScale(),
                preset.rounding(),
                reading.tiling(),
                reading.aux(preset.aux()),
                reading.isOn(MethodOption.REFERENCE_EXACT)));
    }

    private static @Nullable String refuseBits(Preset preset, int bits) {
        String reason = MethodRules.refuseBits(bits);
        return reason != null ? reason : MethodRules.refuseBits(preset.rounding(), bits);
    }

    private static Resolution hqq(Reading reading) {
        int bits = reading.bits(4);
        int group = reading.group();
        AuxPrecision aux =
                reading.auxButInt8("the HQQ library has no 8-bit scales; write fp16 or fp32, or take reference-hqq");
        reading.oneDimensional("hqq has no tiles; leave it out, or take reference-hqq");
        return reading.orAccept(() -> new Hqq(bits, group, aux));
    }

    private static Resolution gptq(Reading reading) {
        int bits = reading.bits(4);
        int group = reading.group();
        String name = reading.request().name();
        AuxPrecision aux = reading.auxButInt8(name + " has no 8-bit scales; write fp16 or fp32");
        reading.oneDimensional(name + " has no tiles; leave it out");
        boolean actOrder = reading.isOn(MethodOption.ACT_ORDER);
        double damping = reading.number(MethodOption.DAMPING, Gptq.DAMPING);
        return reading.orAccept(() -> new Gptq(bits, group, aux, actOrder, damping, actOrder));
    }

    private static Resolution rotated(Reading reading, Resolution rounding) {
        if (!(rounding instanceof Accepted(Method method))) return rounding;
        return new Accepted(new Rotated(method, reading.whole(MethodOption.ROTATION_SEED, Rotated.DEFAULT_SEED)));
    }
}
