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
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A whole decoder with random weights, quantized by SINQ to 4 bits, on a GPU and on the CPU: logits after a prompt and one token. */
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

    private static final int PROMPT = 24;
    private static final long SEED = 7;
    private static final int TIMES = 21;

    /** The prompt's products are bf16. */
    private static final double TOLERANCE = 3e-2;

    private DecoderCheck() {}

    /**
     * The largest difference of two logits, relative to the largest; and the time of one further token.
     *
     * @param rates null to time nothing
     */
    public static SelfTest.Result result(CudaBackend gpu, Backend cpu, @Nullable DeviceRates rates) {
        try (SyntheticModel source = model();
                LanguageModel expected = LanguageModel.load(source, quantized(cpu), cpu);
                LanguageModel found = LanguageModel.load(source, quantized(gpu), gpu);
                Session session = found.session(PROMPT + 1)) {
            int[] prompt = new Random(SEED)
                    .ints(PROMPT, 0, source.architecture().vocabulary())
                    .toArray();
            double difference = difference(logits(expected, prompt), logits(session, prompt));
            long weights = source.architecture().quantizableCount()
                    + source.architecture().head().elements();
            return SelfTest.Result.of(
                    "decoder of two layers, SINQ 4 bits, one token",
                    "all",
                    difference,
                    TOLERANCE,
                    rates == null ? 0 : secondsOfAToken(gpu, session),
                    found.bytesReadPerToken(),
                    2 * weights,
                    rates);
        }
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

    private static float[] logits(LanguageModel model, int... prompt) {
        try (Session session = model.session(PROMPT + 1)) {
            return logits(session, prompt);
        }
    }

    /** After the prompt, then after one token more. */
    private static float[] logits(Session session, int... prompt) {
        float[] first = session.prefill(prompt).clone();
        float[] second = session.next(prompt[0]);
        float[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
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

    private static double secondsOfAToken(CudaBackend gpu, Session session) {
        double[] seconds = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            session.rewind(PROMPT);
            seconds[i] = gpu.gpu().seconds(() -> session.next(0));
        }
        Arrays.sort(seconds);
        return seconds[TIMES / 2];
    }
}
