package dev.sinq4j.cli.doctor;

import dev.sinq4j.cuda.CudaBackend;
import dev.sinq4j.cuda.DeviceRates;
import dev.sinq4j.cuda.SelfTest;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.engine.Session;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.SyntheticModel;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.weight.DenseWeight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A whole decoder with random weights, quantized by SINQ to 4 bits: logits after a prompt and some tokens, on a GPU and on the CPU; and on
 * the GPU kernel by kernel and recorded.
 */
public final class DecoderCheck {

    private static final String CONFIG = """
        {
          "architectures": ["LlamaForCausalLM"],
          "model_type": "llama",
          "hidden_size": 128,
          "intermediate_size": 320,
          "num_hidden_layers": 2,
          "num_attention_heads": 8,
          "num_key_value_heads": 2,
          "head_dim": 16,
          "hidden_act": "silu",
          "max_position_embeddings": 2048,
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "tie_word_embeddings": false,
          "vocab_size": 320
        }
        """;

    private static final int PROMPT = 122;
    private static final int STEPS = 12; // over position 128, where attention's grid grows and another step is recorded
    private static final long SEED = 7;
    private static final int TIMES = 21;

    /** The prompt's products are bf16. */
    private static final double TOLERANCE = 3e-2;

    private final CudaBackend gpu;
    private final LanguageModel model;
    private final @Nullable DeviceRates rates;

    private DecoderCheck(CudaBackend gpu, LanguageModel model, @Nullable DeviceRates rates) {
        this.gpu = gpu;
        this.model = model;
        this.rates = rates;
    }

    /** How a session takes one more token. */
    private interface Next {
        float[] logits(Session session, int id);
    }

    private static final Next LAUNCHED = (session, id) -> session.prefill(new int[] {id});
    private static final Next RECORDED = Session::next;

    /**
     * The largest difference of two logits, relative to the largest, and the time of one further token: kernel by kernel against the CPU;
     * recorded, if steps are recorded, against kernel by kernel, which must be the same numbers.
     *
     * @param rates null to time nothing
     */
    public static List<SelfTest.Result> results(CudaBackend gpu, Backend cpu, @Nullable DeviceRates rates) {
        try (SyntheticModel source = model();
                LanguageModel exact = LanguageModel.load(source, quantized(cpu), cpu);
                LanguageModel model = LanguageModel.load(source, quantized(gpu), gpu)) {
            return new DecoderCheck(gpu, model, rates).results(logits(exact, LAUNCHED));
        }
    }

    private List<SelfTest.Result> results(float... expected) {
        float[] launched = logits(model, LAUNCHED);
        List<SelfTest.Result> results = new ArrayList<>();
        results.add(result(LAUNCHED, "kernel by kernel", difference(expected, launched), TOLERANCE));
        if (!gpu.recordsSteps()) return results;
        double difference = difference(launched, logits(model, RECORDED));
        results.add(result(RECORDED, "recorded", difference, 0));
        return results;
    }

    private SelfTest.Result result(Next next, String how, double difference, double tolerance) {
        long weights = model.architecture().quantizableCount()
                + model.architecture().head().elements();
        return SelfTest.Result.of(
                "decoder of two layers, SINQ 4 bits, " + how,
                "all",
                difference,
                tolerance,
                rates == null ? 0 : secondsOfAToken(next),
                model.bytesReadPerToken(),
                2 * weights,
                rates);
    }

    private static SyntheticModel model() {
        try {
            Path config = Files.createTempFile("sinq4j-decoder", ".json");
            try {
                Files.writeString(config, CONFIG);
                return SyntheticModel.of(config, SEED);
            } finally {
                Files.delete(config);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LinearWeights quantized(Backend backend) {
        Quantizer quantizer = backend.quantizer(Methods.of(MethodRequest.of("sinq", 4, 64)));
        return (linear, stored) ->
                quantizer.quantize(((DenseWeight) stored).tensor(), null).weight();
    }

    /** After the prompt, then after each of some tokens more: (1 + STEPS, vocabulary). */
    private static float[] logits(LanguageModel model, Next next) {
        int vocabulary = model.architecture().vocabulary();
        int[] ids = new Random(SEED).ints(PROMPT + STEPS, 0, vocabulary).toArray();
        float[] all = new float[(1 + STEPS) * vocabulary];
        try (Session session = model.session(PROMPT + STEPS)) {
            System.arraycopy(session.prefill(Arrays.copyOf(ids, PROMPT)), 0, all, 0, vocabulary);
            for (int i = 0; i < STEPS; i++)
                System.arraycopy(next.logits(session, ids[PROMPT + i]), 0, all, (1 + i) * vocabulary, vocabulary);
        }
        return all;
    }

    private static double difference(float[] expected, float[] found) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs((double) expected[i] - found[i]));
        }
        return worst / largest;
    }

    /** The median; where it is recorded, the first two times are not replays. */
    private double secondsOfAToken(Next next) {
        double[] seconds = new double[TIMES];
        try (Session session = model.session(PROMPT + 1)) {
            session.prefill(new int[PROMPT]);
            for (int i = 0; i < TIMES; i++) {
                session.rewind(PROMPT);
                seconds[i] = gpu.gpu().seconds(() -> next.logits(session, 0));
            }
        }
        Arrays.sort(seconds);
        return seconds[TIMES / 2];
    }
}
