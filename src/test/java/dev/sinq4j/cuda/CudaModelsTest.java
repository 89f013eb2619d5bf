package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.engine.Session;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.Tokenizer;
import dev.sinq4j.weight.DenseWeight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models on the emulated device: perplexity and next-token logits against the CPU's. */
class CudaModelsTest {

    private static final int TOKENS = 24;

    /** Relative; random models have far losses, in which bf16 products show, and there are few tokens to average over. */
    private static final double LOOSE = 0.02;

    private static final int TRAINED_TOKENS = 192;
    private static final double TRAINED_TOLERANCE = 1e-3;
    private static final float LOGIT_TOLERANCE = 2e-4f; // fp32 throughout

    @BeforeEach
    void needsCompiler() {
        EmulatedLibrary.assumeCompiler();
    }

    static Stream<String> models() throws IOException {
        try (Stream<Path> folders = Files.list(Shared.path("models"))) {
            return folders
                    .filter(folder -> Files.exists(folder.resolve("config.json")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted(Comparator.naturalOrder())
                    .toList()
                    .stream();
        }
    }

    /** Models whose golden outputs have a perplexity: those that learnt something. */
    static Stream<String> trainedModels() throws IOException {
        return models().filter(CudaModelsTest::isTrained);
    }

    private static boolean isTrained(String model) {
        String golden = "golden/models/" + model + "/golden.json";
        try {
            return Shared.has(golden) && Files.readString(Shared.path(golden)).contains("\"perplexity\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] tokens(Path folder, int vocabulary, int count) throws IOException {
        Path text = Shared.path("data/text/quickstart.txt");
        if (Files.exists(folder.resolve("tokenizer.json")))
            return Arrays.copyOf(Tokenizer.open(folder).encode(Files.readString(text)), count);
        return new Random(5).ints(count, 0, vocabulary).toArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void perplexityOfAFewTokensIsNearThatOfTheCpu(String name) throws IOException {
        comparePerplexity(name, TOKENS, LOOSE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trainedModels")
    void perplexityOfATrainedModelIsThatOfTheCpu(String name) throws IOException {
        comparePerplexity(name, TRAINED_TOKENS, TRAINED_TOLERANCE);
    }

    private static void comparePerplexity(String name, int count, double tolerance) throws IOException {
        Path folder = Shared.path("models/" + name);
        try (ModelSource source = ModelFiles.open(folder);
                Backend cpu = CpuBackend.create(1);
                Backend gpu = new CudaBackend(new EmulatedGpu())) {
            int[] ids = tokens(folder, source.architecture().vocabulary(), count);
            double expected = perplexity(source, cpu, ids);
            assertEquals(expected, perplexity(source, gpu, ids), tolerance * expected);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = "sinq")
    void perplexityOfAModelWhoseFirstLayerIsQuantizedOnTheDeviceIsThatOfTheCpu(String method) throws IOException {
        compareQuantized(method, linear -> linear.id().layer() == 0);
    }

    @Test
    @EnabledIfSystemProperty(named = "sinq4j.long", matches = "true")
    void perplexityOfAModelQuantizedOnTheDeviceIsThatOfTheCpu() throws IOException {
        compareQuantized("sinq", linear -> true);
    }

    /** Quantized and evaluated on either. */
    private static void compareQuantized(String method, Predicate<Linear> chosen) throws IOException {
        Method quantizing = Methods.of(MethodRequest.of(method, 4, 64));
        Path folder = Shared.path("models/stories-apertus");
        try (ModelSource source = ModelFiles.open(folder);
                Backend cpu = CpuBackend.create(1);
                Backend gpu = new CudaBackend(new EmulatedGpu())) {
            int[] ids = tokens(folder, source.architecture().vocabulary(), TRAINED_TOKENS);
            double expected = perplexity(source, quantized(quantizing, chosen, cpu), cpu, ids);
            assertEquals(
                    expected,
                    perplexity(source, quantized(quantizing, chosen, gpu), gpu, ids),
                    TRAINED_TOLERANCE * expected);
        }
    }

    private static LinearWeights quantized(Method method, Predicate<Linear> chosen, Backend backend) {
        Quantizer quantizer = backend.quantizer(method);
        return (linear, stored) -> chosen.test(linear)
                ? quantizer.quantize(((DenseWeight) stored).tensor(), null).weight()
                : stored;
    }

    private static double perplexity(ModelSource source, Backend backend, int... ids) {
        return perplexity(source, LinearWeights.STORED, backend, ids);
    }

    private static double perplexity(ModelSource source, LinearWeights weights, Backend backend, int... ids) {
        try (LanguageModel model = LanguageModel.load(source, weights, backend)) {
            return Math.exp(Arrays.stream(model.nll(ids)).average().orElseThrow());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void decodingGivesTheLogitsOfTheCpu(String name) throws IOException {
        Path folder = Shared.path("models/" + name);
        try (ModelSource source = ModelFiles.open(folder);
                Backend cpu = CpuBackend.create(1);
                Backend gpu = new CudaBackend(new EmulatedGpu())) {
            int[] ids = tokens(folder, source.architecture().vocabulary(), 6);
            float[] expected = decoded(source, cpu, ids);
            float[] found = decoded(source, gpu, ids);
            for (int i = 0; i < expected.length; i++)
                assertEquals(expected[i], found[i], LOGIT_TOLERANCE * Math.max(1, Math.abs(expected[i])), "logit " + i);
        }
    }

    /** Logits after some tokens at once and the others one by one. */
    private static float[] decoded(ModelSource source, Backend backend, int... ids) {
        try (LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                Session session = model.session(ids.length)) {
            float[] logits = session.prefill(Arrays.copyOf(ids, 4));
            for (int i = 4; i < ids.length; i++) logits = session.next(ids[i]);
            return logits;
        }
    }
}
