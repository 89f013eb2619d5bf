package dev.sinq4j.experiment;

import dev.sinq4j.config.DatasetConfig;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.config.MetricsConfig.DivergenceConfig;
import dev.sinq4j.config.MetricsConfig.PerplexityConfig;
import dev.sinq4j.data.CorpusFile;
import dev.sinq4j.data.DocumentJoin;
import dev.sinq4j.data.TextProtocol;
import dev.sinq4j.data.TextProtocol.Bos;
import dev.sinq4j.data.TokenizedText;
import dev.sinq4j.data.Window;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.hub.Sha256;
import dev.sinq4j.method.PreSinq;
import dev.sinq4j.metric.DensePredictions;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.presinq.PreSinqModel;
import dev.sinq4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model with the texts of the experiment cut into windows of its tokens. */
final class OpenModel implements AutoCloseable {

    private final LocatedModel located;
    private final Calibrations calibrations;
    private final List<Text> texts;
    private final @Nullable Text divergenceText;
    private final OpenTasks tasks;
    private final Map<PreSinq, ModelSource> preSinq = new HashMap<>();
    private @Nullable Tokenizer tokenizer;
    private @Nullable DensePredictions densePredictions;

    /** A dataset under this model's tokenizer. */
    record Text(
            String name, String sha256, DocumentJoin join, TextProtocol protocol, long tokens, List<Window> windows) {}

    OpenModel(LocatedModel located, ExperimentConfig config, Datasets datasets, Calibrations calibrations) {
        this.located = located;
        this.calibrations = calibrations;
        this.texts = texts(config.metrics().perplexity(), datasets);
        DivergenceConfig divergence = config.metrics().divergence();
        this.divergenceText = divergence == null
                ? null
                : text(
                        datasets.locate(divergence.dataset()),
                        protocol(divergence.window(), divergence.window(), divergence.windows(), automatic()));
        this.tasks = new OpenTasks(
                config.metrics().tasks(),
                datasets.files(),
                this::tokenizer,
                located.source().architecture().positions());
    }

    ModelSource source() {
        return located.source();
    }

    /** What a cell's method is given: the model as it came, or after pre-SINQ, whose scales are found once for all cells. */
    ModelSource source(Cell cell) {
        PreSinq settings = cell.presinq();
        if (settings == null) return source();
        return preSinq.computeIfAbsent(settings, wanted -> PreSinqModel.of(source(), wanted));
    }

    List<Text> texts() {
        return texts;
    }

    /** What divergence is measured on; null if it is not. */
    @Nullable
    Text divergenceText() {
        return divergenceText;
    }

    OpenTasks tasks() {
        return tasks;
    }

    /**
     * The dense model's predictions on {@link #divergenceText}, made when first asked for and kept for all cells.
     *
     * @param make runs the dense model
     */
    DensePredictions densePredictions(Supplier<DensePredictions> make) {
        if (densePredictions == null) densePredictions = make.get();
        return densePredictions;
    }

    /** SHA-256 of the file of each text and task. */
    Map<String, String> datasetSha256() {
        Map<String, String> sums = new LinkedHashMap<>();
        for (Text text : texts) sums.put(text.name(), text.sha256());
        if (divergenceText != null) sums.put(divergenceText.name(), divergenceText.sha256());
        sums.putAll(tasks.sha256());
        return sums;
    }

    /** SHA-256 of the tokenizer's file; {@code none} for a synthetic model, and where a GGUF file says it. */
    String tokenizerSha256() {
        return located.tokenizerFile().map(OpenModel::sha256).orElse("none");
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UnavailableFailure(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Token blocks of a calibration text. */
    List<int[]> calibrationBlocks(CalibrationConfig calibration) {
        return calibrations.set(calibration).cut(tokenizer()::encode, calibration.tokens());
    }

    private List<Text> texts(@Nullable PerplexityConfig perplexity, Datasets datasets) {
        List<Text> all = new ArrayList<>();
        if (perplexity == null) return all;
        for (DatasetConfig dataset : perplexity.datasets())
            all.add(text(
                    datasets.locate(dataset),
                    protocol(
                            perplexity.window(),
                            Objects.requireNonNullElse(perplexity.stride(), perplexity.window()),
                            perplexity.windows(),
                            bos(perplexity.bos()))));
        return all;
    }

    private Bos bos(dev.sinq4j.config.Bos wanted) {
        return switch (wanted) {
            case AUTO -> automatic();
            case NONE -> Bos.NONE;
            case WINDOW -> {
                if (tokenizer().bos().isEmpty())
                    throw new UsageFailure("metrics.perplexity.bos: window: " + located.name()
                            + " has no beginning-of-text token; choose auto or none");
                yield Bos.WINDOW;
            }
        };
    }

    private Bos automatic() {
        return tokenizer().addsBos() ? Bos.ONCE : Bos.NONE;
    }

    private static TextProtocol protocol(int window, int stride, @Nullable Integer limit, Bos bos) {
        return new TextProtocol(window, stride, bos, limit == null ? OptionalInt.empty() : OptionalInt.of(limit));
    }

    private Text text(CorpusFile file, TextProtocol protocol) {
        TokenizedText tokens =
                file.tokenize(protocol.bos() == Bos.ONCE ? tokenizer()::encode : tokenizer()::encodeOrdinary);
        List<Window> windows = protocol.cut(tokens, tokenizer().bos().orElse(-1));
        return new Text(file.corpus().name(), file.sha256(), file.corpus().join(), protocol, tokens.tokens(), windows);
    }

    private Tokenizer tokenizer() {
        if (tokenizer == null) tokenizer = located.tokenizer();
        return tokenizer;
    }

    @Override
    public void close() {
        located.close();
    }
}
