package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mean loss of each window of the trained models' texts; with {@code -Dsinq4j.long=true} of every window there is. */
class GoldenLossesTest {

    private static final double TOLERANCE = 1e-5;
    private static final int FEW = 1;

    /** A window size of one model, with the mean loss of each window in the order of the text. */
    record Case(String model, Path text, int window, double[] losses) {
        @Override
        public String toString() {
            return model + ", windows of " + window;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String model : GoldenModel.names()) {
            JsonNode perplexity = GoldenModel.json(model, "golden.json").path("perplexity");
            JsonNode all = perplexity.path("fp32_sdpa_all_windows").path("window_nll");
            JsonNode first = perplexity.path("fp32").path("window_nll");
            if (first.isArray()) cases.add(of(model, perplexity, 2048, all.isArray() && everyWindow() ? all : first));
            perplexity.fieldNames().forEachRemaining(field -> {
                if (field.startsWith("windows_of_"))
                    cases.add(of(
                            model,
                            perplexity,
                            Integer.parseInt(field.substring("windows_of_".length())),
                            perplexity.path(field).path("fp32").path("window_nll")));
            });
        }
        return cases;
    }

    private static Case of(String model, JsonNode perplexity, int window, JsonNode losses) {
        double[] values = new double[losses.size()];
        for (int i = 0; i < values.length; i++) values[i] = losses.get(i).doubleValue();
        return new Case(model, text(perplexity.get("text_sha256").textValue()), window, values);
    }

    private static Path text(String sha256) {
        try (Stream<Path> texts = Files.list(Shared.path("data/text"))) {
            return texts.filter(
                            file -> Files.isRegularFile(file) && Sha256.of(file).equals(sha256))
                    .findAny()
                    .orElseThrow(() -> new AssertionError("no text has the SHA-256 " + sha256));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean everyWindow() {
        return Boolean.getBoolean("sinq4j.long");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everyWindowHasTheLossOfTransformers(Case golden) throws IOException {
        Path folder = Shared.path("models/" + golden.model());
        int[] ids = Tokenizer.open(folder).encode(Files.readString(golden.text()));
        int windows = everyWindow() ? golden.losses().length : Math.min(FEW, golden.losses().length);
        try (ModelSource source = ModelFiles.open(folder);
                Backend backend = CpuBackend.create(0);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            for (int i = 0; i < windows; i++) {
                int[] window = Arrays.copyOfRange(ids, i * golden.window(), (i + 1) * golden.window());
                double mean = Arrays.stream(model.nll(window)).average().orElseThrow();
                assertEquals(golden.losses()[i], mean, TOLERANCE, "window " + i);
            }
        }
    }
}
