package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.BatchSession;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.engine.Session;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.FeedForward;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.weight.DenseWeight;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models on the emulated device: decoding steps that are replayed against the same steps launched one by one, bit by bit. */
class RecordedDecodingTest {

    private static final String MODEL = "tiny-llama3"; // four heads share a key head
    private static final int CAPACITY = 400;
    private static final int PROMPT = 125; // three steps until attention's grid grows
    private static final int STEPS = 8;

    private final Random random = new Random(3);

    @BeforeEach
    void needsCompiler() {
        EmulatedLibrary.assumeCompiler();
    }

    static Stream<String> models() throws IOException {
        return CudaModelsTest.models();
    }

    private static boolean routes(Architecture architecture) {
        return architecture.layers().stream().anyMatch(layer -> layer.feedForward() instanceof FeedForward.Experts);
    }

    private int[] ids(LanguageModel model, int count) {
        return random.ints(count, 0, model.architecture().vocabulary()).toArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void aTextGrowsByTheSameBits(String name) throws IOException {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + name));
                EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                Session recorded = model.session(CAPACITY);
                Session launched = model.session(CAPACITY)) {
            int[] prompt = ids(model, PROMPT);
            recorded.prefill(prompt);
            launched.prefill(prompt);
            grow(recorded, launched, model, STEPS);
            // of three steps to position 128, one is launched; of five after it, too; the host routes to experts
            assertEquals(routes(source.architecture()) ? 0 : STEPS - 2, gpu.replays());
        }
    }

    /** Compares the logits after each of some tokens more. */
    private void grow(Session recorded, Session launched, LanguageModel model, int steps) {
        for (int id : ids(model, steps)) {
            float[] found = recorded.next(id);
            float[] expected = launched.prefill(new int[] {id});
            assertArrayEquals(expected, found, 0f, () -> "at " + launched.length());
        }
    }

    @ParameterizedTest(name = "{0} texts")
    @ValueSource(ints = {1, 2, 5, 8, 9})
    void textsSideBySideGrowByTheSameBits(int texts) throws IOException {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + MODEL));
                EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                BatchSession recorded = model.batch(texts, CAPACITY);
                BatchSession launched = model.batch(texts, CAPACITY)) {
            int[][] prompts = new int[texts][];
            for (int text = 0; text < texts; text++) prompts[text] = ids(model, PROMPT);
            recorded.prefill(prompts);
            launched.prefill(prompts);
            for (int step = 0; step < STEPS; step++) {
                int[] next = ids(model, texts);
                int[][] single = new int[texts][];
                for (int text = 0; text < texts; text++) single[text] = new int[] {next[text]};
                assertArrayEquals(launched.prefill(single), recorded.next(next), 0f);
            }
            assertEquals(STEPS - 2, gpu.replays());
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"sinq", "sinq-nf4"})
    void aQuantizedModelGrowsByTheSameBits(String method) throws IOException {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + MODEL));
                EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu);
                LanguageModel model = LanguageModel.load(source, quantized(method, backend), backend);
                Session recorded = model.session(CAPACITY);
                Session launched = model.session(CAPACITY)) {
            int[] prompt = ids(model, 3);
            recorded.prefill(prompt);
            launched.prefill(prompt);
            grow(recorded, launched, model, STEPS);
            assertEquals(STEPS - 1, gpu.replays());
        }
    }

    private static LinearWeights quantized(String method, CudaBackend backend) {
        Quantizer quantizer = backend.quantizer(Methods.of(MethodRequest.of(method, 4, 64)));
        return (linear, stored) ->
                quantizer.quantize(((DenseWeight) stored).tensor(), null).weight();
    }

    @Test
    void aTextThatIsRewoundGrowsByTheSameBits() throws IOException {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + MODEL));
                EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                Session recorded = model.session(CAPACITY);
                Session launched = model.session(CAPACITY)) {
            int[] prompt = ids(model, PROMPT);
            recorded.prefill(prompt);
            launched.prefill(prompt);
            for (int i = 0; i < 3; i++) {
                grow(recorded, launched, model, 5);
                recorded.rewind(PROMPT);
                launched.rewind(PROMPT);
            }
            assertEquals(3 * 5 - 2, gpu.replays());
        }
    }

    @Test
    void whatElseIsComputedMeanwhileThrowsRecordingsAwayThatItMoves() throws IOException {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + MODEL));
                EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                Session recorded = model.session(CAPACITY);
                Session launched = model.session(CAPACITY)) {
            grow(recorded, launched, model, 4);
            assertEquals(3, gpu.replays());
            model.nll(ids(model, 90)); // the layers' buffers grow
            grow(recorded, launched, model, 4);
            assertEquals(6, gpu.replays());
            int[] more = ids(model, 40); // the text's own buffers grow
            assertArrayEquals(launched.prefill(more), recorded.prefill(more), 0f);
            grow(recorded, launched, model, 4);
            assertEquals(9, gpu.replays());
        }
    }

    @Test
    void withoutRecordingNothingIsReplayed() throws IOException {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + MODEL));
                EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu, false);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                Session session = model.session(CAPACITY)) {
            for (int id : ids(model, 4)) session.next(id);
            assertEquals(0, gpu.replays());
            assertTrue(backend.description().endsWith(", kernels launched one by one"), backend::description);
        }
    }

    @Test
    void aSessionLeavesNoMemoryBehind() throws IOException {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + MODEL));
                EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            decode(model);
            long before = gpu.memory().current();
            decode(model);
            assertEquals(before, gpu.memory().current());
        }
    }

    private void decode(LanguageModel model) {
        try (Session session = model.session(CAPACITY)) {
            for (int id : ids(model, 4)) session.next(id);
        }
    }
}
