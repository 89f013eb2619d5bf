package dev.sinq4j.experiment;

import dev.sinq4j.config.MetricsConfig;
import dev.sinq4j.config.MetricsConfig.DivergenceConfig;
import dev.sinq4j.config.MetricsConfig.PerplexityConfig;
import dev.sinq4j.config.MetricsConfig.TasksConfig;
import dev.sinq4j.config.MetricsConfig.ThroughputConfig;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LayerByLayer;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.QuantizedHead;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Parameter;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Says how much memory a model takes on the CPU.
 *
 * @param window  tokens of the longest window that is evaluated; 0 if none is
 * @param session tokens a text grows to where speed is measured or questions are asked; 0 if neither is
 * @param prompt  of those, tokens computed together
 * @param batch   texts that grow side by side, each with keys and values of its own
 * @param head    the head's form; null where it is used as it is stored
 */
public record HostPlan(
        int window,
        int session,
        int prompt,
        int batch,
        @Nullable QuantizedHead head) {

    private static final int HALF = 2;

    /** Tokens that go through a layer together. */
    private static final int BLOCK = 512;

    /** Of a question, and of each example before it: most have fewer. */
    private static final int QUESTION_TOKENS = 256;

    /** Positions whose logits are in memory at a time. */
    private static final int LOGIT_ROWS = 32;

    /**
     * What the program takes with next to no model, measured on JDK 25: code and classes, threads, and the young generation,
     * which is bounded in jvm.options and fills up before it is collected.
     */
    private static final long PROGRAM_BYTES = 440L << 20;

    /** The plan of windows alone. */
    public static HostPlan ofWindow(int window) {
        return new HostPlan(window, 0, 0, 1, null);
    }

    /** The plan of what a configuration measures. */
    public static HostPlan of(MetricsConfig metrics) {
        PerplexityConfig perplexity = metrics.perplexity();
        DivergenceConfig divergence = metrics.divergence();
        ThroughputConfig speed = metrics.throughput();
        int window =
                Math.max(perplexity == null ? 0 : perplexity.window(), divergence == null ? 0 : divergence.window());
        TasksConfig tasks = metrics.tasks();
        int question = tasks == null ? 0 : QUESTION_TOKENS * (1 + tasks.shots());
        return speed == null
                ? new HostPlan(window, question, question, 1, null)
                : new HostPlan(
                        window,
                        Math.max(question, speed.promptTokens() + speed.generateTokens()),
                        Math.max(question, speed.promptTokens()),
                        Collections.max(speed.batch()),
                        null);
    }

    /** The same work with a head in another form. */
    public HostPlan with(@Nullable QuantizedHead otherHead) {
        return new HostPlan(window, session, prompt, batch, otherHead);
    }

    /** How a cell without calibration is run in so many bytes: a dense model that does not fit is read layer by layer. */
    public HostNeeds chosen(Architecture architecture, Method method, long usableBytes) {
        return chosen(architecture, method, CalibrationNeeds.NONE, usableBytes);
    }

    /** How a cell is run in so many bytes: a dense model that does not fit is read layer by layer. */
    HostNeeds chosen(Architecture architecture, Method method, CalibrationNeeds calibration, long usableBytes) {
        HostNeeds whole = inMemory(architecture, method, calibration);
        boolean streams = method instanceof Dense && whole.bytes() > usableBytes;
        return streams ? layerByLayer(architecture, 1) : whole;
    }

    /** As {@link #chosen}, of a model that is open: one that is quantized already is used as it is stored. */
    HostNeeds chosen(ModelSource source, Method method, CalibrationNeeds calibration, long usableBytes) {
        if (!(method instanceof Dense)) return inMemory(source.architecture(), method, calibration);
        return chosen(source.architecture(), StoredForms.of(source), usableBytes);
    }

    /** How a model is used as it is stored in so many bytes: layer by layer where it does not fit. */
    HostNeeds chosen(Architecture architecture, StoredForms forms, long usableBytes) {
        HostNeeds whole = stored(architecture, forms);
        return whole.bytes() > usableBytes ? layerByLayer(architecture, 1) : whole;
    }

    /** Of a cell whose weights are all in memory. */
    private HostNeeds inMemory(Architecture architecture, Method method, CalibrationNeeds calibration) {
        long weights = ends(architecture)
                + roundedHead(architecture)
                + architecture.layers().stream()
                        .mapToLong(layer -> layerBytes(layer, method))
                        .sum();
        long quantizing = working(architecture, method, calibration);
        return new HostNeeds(
                weights, cache(architecture), activations(architecture, 1), quantizing, PROGRAM_BYTES, false);
    }

    /**
     * Of a cell whose weights, caches and activations are a device's: what its weights pass through on their way there, and the hidden
     * states of a model that is read layer by layer.
     */
    HostNeeds besideDevice(
            Architecture architecture, Method method, CalibrationNeeds calibration, boolean layerByLayer) {
        long quantizing = working(architecture, method, calibration);
        long states = layerByLayer ? activations(architecture, 1) : 0;
        return new HostNeeds(0, 0, states, quantizing, PROGRAM_BYTES, layerByLayer);
    }

    /** Tokens that go through a layer together at most. */
    int tokensAtOnce() {
        return Math.min(BLOCK, Math.max(window, batch * prompt));
    }

    /** Of a model that is used as it is stored. */
    public HostNeeds stored(ModelSource source) {
        return stored(source.architecture(), StoredForms.of(source));
    }

    private HostNeeds stored(Architecture architecture, StoredForms forms) {
        return new HostNeeds(
                forms.bytes().laidOut() + roundedHead(architecture),
                cache(architecture),
                activations(architecture, 1),
                Math.max(forms.loading(), roundingHead(architecture)),
                PROGRAM_BYTES,
                false);
    }

    /**
     * Of a dense model that is read layer by layer.
     *
     * @param windows that go through a layer together
     */
    public HostNeeds layerByLayer(Architecture architecture, int windows) {
        long layer = architecture.layers().stream()
                .mapToLong(each -> layerBytes(each, new Dense()))
                .max()
                .orElse(0);
        return new HostNeeds(
                ends(architecture) + roundedHead(architecture) + layer,
                oneLayersCache(architecture),
                activations(architecture, windows),
                roundingHead(architecture),
                PROGRAM_BYTES,
                true);
    }

    /** Of a model that is quantized one matrix at a time and each written to disk, whatever the model's size. */
    public static HostNeeds toQuantize(Architecture architecture, Method method, CalibrationNeeds calibration) {
        long embedding =
                calibration.blocks() == 0 ? 0 : HALF * architecture.embedding().elements();
        long working = quantizing(architecture, method) + calibration.bytes(architecture, method);
        return new HostNeeds(embedding, 0, 0, working, PROGRAM_BYTES, false);
    }

    /** How many windows may go through a layer together, so that everything stays within some bytes; at least 1. */
    public int windowsAtOnce(Architecture architecture, long bytes, int windows) {
        long one = layerByLayer(architecture, 1).bytes();
        long each = Math.max(1, LayerByLayer.bytesPerToken(architecture) * window);
        return Math.clamp(1 + (bytes - one) / each, 1, Math.max(1, windows));
    }

    /** Embedding, head and last norm; a tied head lies where the embedding does. */
    private static long ends(Architecture architecture) {
        long head = architecture.tied() ? 0 : architecture.head().elements();
        return HALF
                * (architecture.embedding().elements()
                        + head
                        + architecture.finalNorm().elements());
    }

    /** A head in a form of its own, which lies beside the stored one. */
    private long roundedHead(Architecture architecture) {
        Linear stored = architecture.head();
        return head == null ? 0 : LaidOutSize.of(head.method(), stored.rows(), stored.columns());
    }

    private long roundingHead(Architecture architecture) {
        return head == null
                ? 0
                : quantizing(architecture.head().elements(), head.method().group());
    }

    private long working(Architecture architecture, Method method, CalibrationNeeds calibration) {
        return Math.max(
                quantizing(architecture, method) + calibration.bytes(architecture, method), roundingHead(architecture));
    }

    private static long layerBytes(Layer layer, Method method) {
        long matrices = layer.linears().stream()
                .mapToLong(linear -> linear.quantizable()
                        ? LaidOutSize.of(method, linear.rows(), linear.columns())
                        : HALF * linear.elements())
                .sum();
        return matrices
                + Float.BYTES
                        * layer.parameters().stream()
                                .mapToLong(Parameter::elements)
                                .sum();
    }

    /** The dense matrix, its codes of a byte each, and fp32 scales and zeros, before they are laid out. */
    private static long quantizing(Architecture architecture, Method method) {
        if (method instanceof Dense) return 0;
        long largest = architecture.linears().stream()
                .filter(Linear::quantizable)
                .mapToLong(Linear::elements)
                .max()
                .orElse(0);
        return quantizing(largest, method.group());
    }

    private static long quantizing(long elements, int group) {
        long scales = group == 0 ? 0 : 2L * Float.BYTES * elements / group;
        return (HALF + 1) * elements + scales;
    }

    long cache(Architecture architecture) {
        return Math.max(batch * LanguageModel.cacheBytes(architecture, session), oneLayersCache(architecture));
    }

    private long oneLayersCache(Architecture architecture) {
        long most = architecture.layers().stream()
                .mapToLong(layer -> layer.attention().cachedNumbers())
                .max()
                .orElse(0);
        return Float.BYTES * most * window;
    }

    long activations(Architecture architecture, int windows) {
        long prompts = (long) batch * prompt;
        long tokens = Math.max((long) windows * window, prompts);
        long block = Math.min(BLOCK, Math.max(window, prompts));
        long widths =
                architecture.layers().stream().mapToLong(HostPlan::widths).max().orElse(0);
        long logits = (long) Math.max(LOGIT_ROWS, batch) * architecture.vocabulary();
        return tokens * LayerByLayer.bytesPerToken(architecture)
                + Float.BYTES * (block * (widths + architecture.hidden()) + logits);
    }

    /** Numbers a token takes in a layer's buffers: outputs of every matrix but the experts' beyond one, and the widest input again. */
    private static long widths(Layer layer) {
        long outputs = layer.linears().stream()
                .filter(linear ->
                        linear.id().expert() == LinearId.NONE || linear.id().expert() == 0)
                .mapToLong(Linear::rows)
                .sum();
        long widestInput =
                layer.linears().stream().mapToLong(Linear::columns).max().orElse(0);
        return outputs + layer.attention().output().columns() + widestInput;
    }
}
