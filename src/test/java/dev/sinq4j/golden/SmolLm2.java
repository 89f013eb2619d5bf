package dev.sinq4j.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.method.Method;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.quant.Dequantizer;
import dev.sinq4j.quant.Dequantizer.Order;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.quant.ReferenceMethod;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.Tokenizer;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * SmolLM2-135M as the golden files have it: a folder in Hugging Face layout named by the system property {@code sinq4j.smollm2}
 * (the README beside the golden files says how to make it), quantized by our code as the reference does it, and dequantized in
 * the reference's arithmetic, so that nothing but the evaluation differs.
 */
record SmolLm2(ModelSource source, Backend backend, Arena arena, LanguageModel model) implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The model's folder; where it is absent, the calling test is skipped and says so. */
    static Path folder() {
        String property = System.getProperty("sinq4j.smollm2", "");
        Path folder = Path.of(property);
        Assumptions.assumeTrue(
                !property.isEmpty() && Files.exists(folder.resolve("model.safetensors")),
                () -> "SmolLM2-135M is not at '" + property + "': set -Dsinq4j.smollm2=DIR to run this test");
        return folder;
    }

    /** Skips the calling test unless tests that take minutes are wanted. */
    static void takesLong() {
        Assumptions.assumeTrue(
                Boolean.getBoolean("sinq4j.long"), "takes minutes: set -Dsinq4j.long=true to run this test");
    }

    /** A golden file of this model. */
    static JsonNode golden(String name) {
        try {
            return JSON.readTree(Shared.path("golden/smollm2/" + name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Tokenizer tokenizer() {
        return Tokenizer.open(folder());
    }

    static boolean isDense(String name) {
        return name.equals("base");
    }

    /**
     * Loads the dense model, {@code base}, or one quantized as a golden name such as {@code sinq-3} says.
     *
     * @param dequantized {@code fp16} or {@code bf16}: the reference's compute dtype; {@code packed} for our own arithmetic
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena is the record's own and is closed by close
    static SmolLm2 load(String name, String dequantized) {
        ModelSource source = ModelFiles.open(folder());
        Backend backend = CpuBackend.create(0);
        Arena arena = Arena.ofShared();
        LinearWeights weights = isDense(name) ? LinearWeights.STORED : quantized(name, dequantized, arena);
        return new SmolLm2(source, backend, arena, LanguageModel.load(source, weights, backend));
    }

    private static LinearWeights quantized(String name, String dequantized, Arena arena) {
        Quantizer quantizer = Quantizers.of(method(name));
        return (linear, stored) -> {
            PackedWeight packed = (PackedWeight)
                    quantizer.quantize(((DenseWeight) stored).tensor(), null).weight();
            return switch (dequantized) {
                case "packed" -> packed;
                case "fp16" -> dense(linear.tensor(), packed, Order.REFERENCE_FP16, arena);
                case "bf16" -> dense(linear.tensor(), packed, Order.REFERENCE_BF16, arena);
                default -> throw new AssertionError("no arithmetic is called '" + dequantized + "'");
            };
        };
    }

    private static Method method(String name) {
        for (JsonNode model : golden("quantized.json"))
            if (model.get("model").asText().equals(name))
                return ReferenceMethod.of(
                        model.at("/config/method").asText(),
                        model.at("/config/nbits").asInt(),
                        true);
        throw new AssertionError("quantized.json has no model '" + name + "'");
    }

    private static DenseWeight dense(String tensor, PackedWeight packed, Order order, Arena arena) {
        float[] values = new Dequantizer(packed, order).matrix();
        MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
        return new DenseWeight(
                new Tensor(tensor, DType.F32, List.of((long) packed.rows(), (long) packed.columns()), data));
    }

    @Override
    public void close() {
        model.close();
        backend.close();
        arena.close();
        source.close();
    }
}
