package dev.sinq4j.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was measured on one cell; maps are keyed by dataset or task name. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metrics(
        @Nullable Map<String, Perplexity> perplexity,
        @Nullable Map<String, Divergence> divergence,
        @Nullable Map<String, Task> tasks,
        @Nullable Memory memory,
        @Nullable Throughput throughput,
        @Nullable Quantization quantization) {

    /** A cell that measured nothing yet, or failed. */
    public static final Metrics NONE = new Metrics(null, null, null, null, null, null);

    /**
     * Perplexity with its whole protocol.
     *
     * @param value     exp of the mean of {@code windowNll}
     * @param stderr    standard error of {@code value} over windows (delta method); absent for one window
     * @param window    tokens of a window
     * @param stride    tokens from one window's start to the next
     * @param windows   how many
     * @param tokens    tokens of the whole text
     * @param scored    tokens whose loss counts
     * @param bos       how the beginning-of-text token was set: {@code once} in front of the text, {@code none}, {@code window}
     * @param tail      what became of the tokens after the last whole window: {@code dropped}
     * @param join      string between the documents
     * @param windowNll mean loss of each window, nats
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Perplexity(
            double value,
            @Nullable Double stderr,
            int window,
            int stride,
            int windows,
            long tokens,
            long scored,
            String bos,
            String tail,
            String join,
            List<Double> windowNll) {

        /** What a file leaves out: windows that do not overlap, an unstated protocol, losses not kept. */
        public Perplexity {
            if (stride == 0) stride = window;
            bos = Objects.requireNonNullElse(bos, UNSTATED);
            tail = Objects.requireNonNullElse(tail, UNSTATED);
            join = Objects.requireNonNullElse(join, UNSTATED);
            windowNll = windowNll == null ? List.of() : List.copyOf(windowNll);
        }

        private static final String UNSTATED = "unstated";
    }

    /** Distance of the next-token distributions from the dense model's, in nats; positions as llama-perplexity counts them. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Divergence(
            double klMean,
            double klStderr,
            double klMedian,
            double klP99,
            double klMax,
            double top1Agreement,
            @JsonProperty("delta_p_rms") double deltaPRms,
            int window,
            int windows,
            long positions) {}

    /**
     * A multiple-choice task, or one whose answer the model completes.
     *
     * @param acc              share of right answers
     * @param accStderr        absent for a single question
     * @param accNorm          share of right answers where scores are divided by the choices' lengths; where the task has it
     * @param perplexity       of the completions
     * @param flips            share of questions answered otherwise than by the dense model, by acc's answers; absent for that
     *                         model itself
     * @param againstDense     the same in counts
     * @param againstDenseNorm the same by acc_norm's answers
     * @param n                questions
     * @param shots            examples in front of each
     * @param bos              whether the tokenizer's special tokens stood in front
     * @param questionsFile    in the results folder, a line a question
     * @param questions        every answer; kept in {@code questionsFile}, not in the line
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Task(
            double acc,
            @Nullable Double accStderr,
            @Nullable Double accNorm,
            @Nullable Double accNormStderr,
            @Nullable Double perplexity,
            @Nullable Double perplexityStderr,
            @Nullable Double flips,
            @Nullable Against againstDense,
            @Nullable Against againstDenseNorm,
            int n,
            int shots,
            boolean bos,
            @Nullable String questionsFile,
            @Nullable List<Question> questions) {

        /** The same with the answers elsewhere. */
        Task with(@Nullable String otherFile, @Nullable List<Question> otherQuestions) {
            return new Task(
                    acc,
                    accStderr,
                    accNorm,
                    accNormStderr,
                    perplexity,
                    perplexityStderr,
                    flips,
                    againstDense,
                    againstDenseNorm,
                    n,
                    shots,
                    bos,
                    otherFile,
                    otherQuestions);
        }
    }

    /**
     * Answers compared with the dense model's, question by question.
     *
     * @param changed questions answered otherwise, be it right or wrong
     * @param gained  right here, wrong for the dense model
     * @param lost    wrong here, right for the dense model
     */
    public record Against(int changed, int gained, int lost) {}

    /** One question: its answer, and the choices' log-likelihoods (nats, summed over tokens). */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Question(String id, int answer, int predicted, int predictedNorm, List<Double> loglikelihoods) {}

    /**
     * Bytes, counted from what is stored; peaks are measured. What is planned of a device holds an allowance for its driver's own, which
     * the peak does not see.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Memory(
            long weightBytes,
            long quantizedWeightBytes,
            long quantizedParameters,
            double bitsPerWeight,
            @Nullable Long kvCacheBytes,
            @Nullable Long peakDeviceBytes,
            @Nullable Long peakHostBytes,
            @Nullable Long plannedDeviceBytes,
            @Nullable Long plannedHostBytes) {}

    /**
     * Raw samples, one a repetition: tokens of all sequences together.
     *
     * @param batch        sequences at once
     * @param otherBatches the same measured with other numbers of sequences, none of which has further ones; absent if none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Throughput(
            List<Double> prefillTokensPerSecond,
            List<Double> decodeTokensPerSecond,
            int promptTokens,
            int generateTokens,
            int batch,
            @Nullable List<Throughput> otherBatches) {

        /** What a file leaves out: no samples, one sequence at a time. */
        public Throughput {
            prefillTokensPerSecond = prefillTokensPerSecond == null ? List.of() : List.copyOf(prefillTokensPerSecond);
            decodeTokensPerSecond = decodeTokensPerSecond == null ? List.of() : List.copyOf(decodeTokensPerSecond);
            if (batch == 0) batch = 1;
            otherBatches = otherBatches == null || otherBatches.isEmpty() ? null : List.copyOf(otherBatches);
        }

        /** This batch and the others, in the order they were asked for. */
        public List<Throughput> everyBatch() {
            if (otherBatches == null) return List.of(this);
            List<Throughput> all = new ArrayList<>(List.of(this));
            all.addAll(otherBatches);
            return List.copyOf(all);
        }
    }

    /**
     * Time and error of quantizing.
     *
     * @param seconds        of computing: for a layer found in the cache, what it took when it was quantized
     * @param cachedLayers   how many were found there instead of quantized now; absent if none
     * @param loadingSeconds what finding, checking and reading those took now; absent if none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Quantization(
            double seconds,
            long parameters,
            double weightMse,
            @Nullable Double relativeWeightError,
            @Nullable Integer cachedLayers,
            @Nullable Double loadingSeconds,
            List<Layer> perLayer,
            @Nullable List<String> warnings) {

        /** What a file leaves out: no layers. */
        public Quantization {
            perLayer = perLayer == null ? List.of() : List.copyOf(perLayer);
        }
    }

    /**
     * One linear layer.
     *
     * @param relativeError {@code |W~ - W| / |W|}, Frobenius norms
     * @param seconds       its quantizing took, whenever that was
     * @param cached        whether it was found in the cache; absent if it was quantized now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Layer(
            String tensor,
            int layer,
            String role,
            int rows,
            int columns,
            double mse,
            double relativeError,
            long storedBytes,
            @Nullable Double seconds,
            @Nullable Boolean cached,
            @Nullable Map<String, Object> notes) {}
}
