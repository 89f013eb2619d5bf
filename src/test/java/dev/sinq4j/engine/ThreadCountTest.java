package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.weight.DenseWeight;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadCountTest {

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"none", "sinq", "sinq-nf4", "hqq"})
    void lossesAndLogitsAreTheSameBitsForOneTwoAndThreeThreads(String method) {
        Run one = run(method, 1);
        for (int threads = 2; threads <= 3; threads++) {
            Run more = run(method, threads);
            assertArrayEquals(one.nll, more.nll);
            assertArrayEquals(one.decoded, more.decoded);
        }
    }

    /** Losses of a window, and the logits after decoding some of its tokens one by one. */
    private record Run(double[] nll, float[] decoded) {}

    private Run run(String method, int threads) {
        int[] ids = TinyModels.ids(700);
        try (ModelSource source = TinyModels.llama(folder);
                Backend backend = CpuBackend.create(threads);
                LanguageModel model = LanguageModel.load(source, weights(method), backend)) {
            double[] nll = model.nll(ids);
            try (Session session = model.session(400)) {
                float[] logits = session.prefill(TinyModels.ids(380));
                for (int i = 380; i < 400; i++) logits = session.next(ids[i]);
                return new Run(nll, logits);
            }
        }
    }

    private static LinearWeights weights(String method) {
        if (method.equals("none")) return LinearWeights.STORED;
        Quantizer quantizer = Quantizers.of(Methods.of(MethodRequest.of(method)));
        return (linear, stored) ->
                quantizer.quantize(((DenseWeight) stored).tensor(), null).weight();
    }
}
