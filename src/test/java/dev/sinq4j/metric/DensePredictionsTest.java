package dev.sinq4j.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.data.TextProtocol;
import dev.sinq4j.data.TokenizedText;
import dev.sinq4j.data.Window;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.HeadWeight;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.results.Metrics.Divergence;
import dev.sinq4j.tokenizer.Tokenizer;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** On the quickstart's model and text. */
class DensePredictionsTest {

    private static final Path QUICKSTART = Path.of("experiments/quickstart");
    private static final int WINDOW = 96;

    @Test
    void theDenseModelIsAtNoDistanceFromItselfAndAnotherAtThatOfAllLogitsKept() throws IOException {
        List<Window> windows = windows();
        try (ModelSource source = ModelFiles.open(QUICKSTART.resolve("model"));
                Backend backend = CpuBackend.create(1);
                LanguageModel dense = LanguageModel.load(source, LinearWeights.STORED, backend);
                LanguageModel rounded = LanguageModel.load(source, rtn(), backend)) {
            DensePredictions predictions = DensePredictions.of(dense, windows, done -> {});
            Divergence none = predictions.divergence(dense, done -> {});
            assertEquals(0, none.klMax(), 1e-9);
            assertEquals(1, none.top1Agreement());
            assertEquals(2 * (WINDOW - 1 - WINDOW / 2), none.positions());

            Divergence streamed = predictions.divergence(rounded, done -> {});
            Divergence kept = fromAllLogits(dense, rounded, windows);
            assertTrue(streamed.klMean() > 1e-3, streamed::toString);
            assertEquals(kept.klMean(), streamed.klMean(), 1e-6 * kept.klMean());
            assertEquals(kept.klP99(), streamed.klP99(), 1e-5 * kept.klP99());
            assertEquals(kept.top1Agreement(), streamed.top1Agreement());
        }
    }

    @Test
    void theDensePredictionsAreThoseOfTheStoredHeadWhereAModelHasOneOfFewBits() throws IOException {
        List<Window> windows = windows();
        HeadWeight threeBits = stored -> quantized(stored, 3);
        try (ModelSource source = ModelFiles.open(QUICKSTART.resolve("model"));
                Backend backend = CpuBackend.create(1);
                LanguageModel dense = LanguageModel.load(source, LinearWeights.STORED, backend);
                LanguageModel other =
                        LanguageModel.load(source, LinearWeights.STORED, Optional.of(threeBits), backend)) {
            Divergence streamed =
                    DensePredictions.of(dense, windows, done -> {}).divergence(other, done -> {});
            Divergence kept = fromAllLogits(dense, other, windows);
            assertTrue(streamed.klMean() > 1e-3, streamed::toString);
            assertEquals(kept.klMean(), streamed.klMean(), 1e-6 * kept.klMean());
            assertEquals(kept.top1Agreement(), streamed.top1Agreement());
        }
    }

    private static Divergence fromAllLogits(LanguageModel dense, LanguageModel model, List<Window> windows) {
        int vocabulary = dense.architecture().vocabulary();
        Divergences divergences = new Divergences();
        for (Window window : windows) {
            float[] base = logits(dense, window);
            float[] other = logits(model, window);
            for (int position = WINDOW / 2; position < WINDOW - 1; position++)
                divergences.add(
                        row(base, position, vocabulary), row(other, position, vocabulary), 1, vocabulary, new int[] {
                            window.ids()[position + 1]
                        });
        }
        return divergences.summary(WINDOW, windows.size());
    }

    private static float[] logits(LanguageModel model, Window window) {
        int vocabulary = model.architecture().vocabulary();
        float[] all = new float[WINDOW * vocabulary];
        model.logits(
                window.ids(),
                0,
                (position, count, logits) ->
                        System.arraycopy(logits, 0, all, position * vocabulary, count * vocabulary));
        return all;
    }

    private static float[] row(float[] logits, int row, int vocabulary) {
        return Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
    }

    private static LinearWeights rtn() {
        return (linear, stored) -> quantized(stored, 3);
    }

    private static Weight quantized(Weight stored, int bits) {
        Quantizer quantizer = Quantizers.of(Methods.of(MethodRequest.of("rtn", bits, 64)));
        return quantizer.quantize(((DenseWeight) stored).tensor(), null).weight();
    }

    private static List<Window> windows() throws IOException {
        String text = Files.readString(QUICKSTART.resolve("stories.txt")).substring(0, 4000);
        int[] ids = Tokenizer.open(QUICKSTART.resolve("model")).encode(text);
        return new TextProtocol(WINDOW, WINDOW, TextProtocol.Bos.NONE, OptionalInt.of(2))
                .cut(new TokenizedText(ids), -1);
    }
}
