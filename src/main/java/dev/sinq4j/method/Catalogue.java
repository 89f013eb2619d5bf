package dev.sinq4j.method;

import dev.sinq4j.method.Resolution.Accepted;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every named method with the way its requests are read. */
final class Catalogue {

    private static final Set<MethodOption> HESSIAN = Set.of(MethodOption.ACT_ORDER, MethodOption.DAMPING);

    private static final List<BlockFormat> LLAMA_CPP =
            List.of(BlockFormat.Q4_0, BlockFormat.Q4_1, BlockFormat.Q5_0, BlockFormat.Q8_0, BlockFormat.Q3_K);

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
        all.add(new Entry(
                new MethodFacts(
                        "awq",
                        "scales channels with large inputs up, searched per matrix, then clips each group's range",
                        "Lin et al. 2024; casper-hansen/AutoAWQ 88e4c76, quantize/quantizer.py, each matrix by itself",
                        "a naive computation in fp64; output error on the calibration text below rtn's",
                        Set.of(MethodOption.CLIP)),
                Catalogue::awq));
        for (BitsAndBytes.Levels levels : BitsAndBytes.Levels.values())
            all.add(new Entry(bitsAndBytes(levels), reading -> bitsAndBytes(levels, reading)));
        for (BlockFormat format : LLAMA_CPP) all.add(new Entry(llamaCpp(format), reading -> llamaCpp(format, reading)));
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
        @Nullable Double gate = reading.number(MethodOption.KURTOSIS_GATE);
        boolean halving = reading.isOn(MethodOption.TILE_HALVING);
        if (halving && reading.tiling() == Tiling.TWO_D)
            reading.refuse(MethodOption.TILE_HALVING.key(), "square tiles are not halved; leave it or 2d out");
        Supplier<SinqFamily> family = () -> new SinqFamily(
                preset.name(),
                bits,
                group,
                preset.normalization(),
                preset.activationScale(),
                preset.rounding(),
                reading.tiling(),
                reading.aux(preset.aux()),
                reading.isOn(MethodOption.REFERENCE_EXACT));
        return reading.orAccept(
                () -> gate == null && !halving ? family.get() : new LaterSinq(family.get(), gate, halving));
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

    private static Resolution awq(Reading reading) {
        int bits = reading.bits(4);
        int group = reading.group();
        AuxPrecision aux = reading.auxButInt8("awq has no 8-bit scales; write fp16 or fp32");
        reading.oneDimensional("awq has no tiles; leave it out");
        boolean clip = reading.isOn(MethodOption.CLIP, true);
        return reading.orAccept(() -> new Awq(bits, group, aux, clip));
    }

    private static MethodFacts bitsAndBytes(BitsAndBytes.Levels levels) {
        return new MethodFacts(
                new BitsAndBytes(levels, Reading.DEFAULT_GROUP).name(),
                "takes the nearest of 16 levels between -1 and 1 times the largest weight of a block",
                "bitsandbytes 95f9af30, functional.quantize_4bit, type " + levels,
                "the library's codes, scales and dequantized weights, bit for bit",
                Set.of());
    }

    private static Resolution bitsAndBytes(BitsAndBytes.Levels levels, Reading reading) {
        String name = reading.request().name();
        reading.onlyBits(4, name + " has 16 levels, so bits must be 4");
        Integer asked = reading.request().group();
        int group = asked == null ? Reading.DEFAULT_GROUP : asked;
        if (group < BitsAndBytes.MIN_BLOCK || group > MethodRules.MAX_GROUP || Integer.bitCount(group) != 1)
            reading.refuse("group", group + " is no power of two from 32 to 1024 (usual: 64)");
        if (reading.aux(AuxPrecision.FP32) != AuxPrecision.FP32)
            reading.refuse("aux", name + " keeps its scales in fp32; leave it out");
        reading.refuseGiven("tiling", reading.request().tiling(), name + " has no tiles; leave it out");
        return reading.orAccept(() -> new BitsAndBytes(levels, group));
    }

    private static MethodFacts llamaCpp(BlockFormat format) {
        boolean gguf = format != BlockFormat.Q3_K;
        return new MethodFacts(
                LlamaCpp.name(format),
                "rounds to llama.cpp's " + format + " blocks of " + format.block() + " and widens them again",
                "ggml-org/llama.cpp, ggml-quants.c and llama-quant.cpp, without an importance matrix",
                gguf
                        ? "the gguf 0.19 Python package, byte for byte"
                        : "a naive reference; gguf 0.19 decodes the blocks",
                Set.of());
    }

    private static Resolution llamaCpp(BlockFormat format, Reading reading) {
        LlamaCpp method = new LlamaCpp(format);
        reading.onlyBits(method.bits(), method.name() + " has codes of " + method.bits() + " bits");
        Integer group = reading.request().group();
        if (group != null && group != method.group())
            reading.refuse(
                    "group", method.name() + " has a scale for every " + method.group() + " weights, not " + group);
        reading.refuseGiven("tiling", reading.request().tiling(), method.name() + " has no tiles; leave it out");
        reading.refuseGiven(
                "aux", reading.request().aux(), method.name() + " stores its scales in its own way; leave it out");
        return reading.orAccept(() -> method);
    }
}
