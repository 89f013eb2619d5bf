package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.MetricsConfig;
import dev.sinq4j.config.MetricsConfig.ThroughputConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Calibration;
import dev.sinq4j.engine.HeadWeight;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.engine.ModelBytes;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.metric.DensePredictions;
import dev.sinq4j.metric.HostMemory;
import dev.sinq4j.metric.Perplexities;
import dev.sinq4j.metric.Speed;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.Metrics.Divergence;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.results.Metrics.Quantization;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures one cell: quantize, load, evaluate, release.
 *
 * @param config     what to measure
 * @param backend    where to compute
 * @param layerCache where quantized layers are kept, if they are
 * @param usable     bytes of memory; {@link Long#MAX_VALUE} if unknown
 * @param progress   told of each layer quantized and each window measured
 */
record CellRunner(
        ExperimentConfig config,
        Backend backend,
        Optional<QuantizedLayerCache> layerCache,
        LongSupplier usable,
        Progress progress) {

    private static final Logger LOG = LoggerFactory.getLogger(CellRunner.class);

    /** Quantizes the model as the cell says and measures everything the configuration asks for. */
    Metrics run(Cell cell, OpenModel model) {
        // before peaks are counted: the dense model is no part of a quantized cell
        DensePredictions dense = cell.isDenseModel() ? null : densePredictions(model);
        if (!cell.isDenseModel()) askDense(model);
        CellNeeds planned = planned(model, cell); // by what is free before anything is loaded
        System.gc(); // what earlier cells left on the heap is not this cell's peak
        Watch watch = new Watch(planned, HostMemory.resetPeak());
        backend.forgetPeakDeviceBytes();
        if (!(cell.method() instanceof Dense)) return quantizedMetrics(cell, model, dense, watch);
        if (streams(model)) return streamedMetrics(cell, model, watch);
        try (LanguageModel loaded = LanguageModel.load(model.source(cell), LinearWeights.STORED, backend)) {
            return measure(cell, model, loaded, dense, null, watch);
        }
    }

    /**
     * What a cell was planned to take, and how that is held against what it takes.
     *
     * @param peaksAreOurs whether the process's peak counts from the cell's beginning
     */
    private record Watch(CellNeeds planned, boolean peaksAreOurs) {}

    private CellNeeds planned(OpenModel model, Cell cell) {
        CalibrationNeeds calibration = cell.calibration() == null
                ? CalibrationNeeds.NONE
                : CalibrationNeeds.of(model.calibrationBlocks(cell.calibration()));
        return planned(HostPlan.of(config.metrics()).with(cell.head()), model, cell.method(), calibration);
    }

    private CellNeeds plannedDense(OpenModel model) {
        return planned(HostPlan.of(config.metrics()), model, new Dense(), CalibrationNeeds.NONE);
    }

    private CellNeeds planned(HostPlan plan, OpenModel model, Method method, CalibrationNeeds calibration) {
        return CellNeeds.of(plan, model.source(), method, calibration, backend, usable.getAsLong());
    }

    /** Whether the dense model does not fit and is read layer by layer. */
    private boolean streams(OpenModel model) {
        return plannedDense(model).layerByLayer();
    }

    private StreamedDense streamed(ModelSource source) {
        return new StreamedDense(source, backend, HostPlan.of(config.metrics()), usable.getAsLong(), progress);
    }

    /** Of a dense model that does not fit: no session of it can be kept, so its speed is not measured. */
    private Metrics streamedMetrics(Cell cell, OpenModel model, Watch watch) {
        MetricsConfig metrics = config.metrics();
        LOG.info("the dense model does not fit in memory and is read layer by layer");
        if (metrics.throughput() != null)
            LOG.warn("the dense model's speed is not measured: it does not fit in memory");
        CellNeeds planned = watch.planned();
        StreamedDense streamed = streamed(model.source(cell));
        Map<String, Perplexity> figures = new LinkedHashMap<>();
        ModelBytes bytes = null;
        for (OpenModel.Text text : model.texts()) {
            StreamedDense.Measured measured =
                    streamed.perplexity(text.name(), text.windows(), text.protocol(), text.join(), text.tokens());
            figures.put(text.name(), measured.perplexity());
            bytes = measured.bytes();
            planned = planned.atLeast(streamed.needs(text.windows()));
        }
        Map<String, Metrics.Task> tasks = tasks(model.tasks(), streamed.tasks(), true);
        Memory memory = metrics.memory() && bytes != null
                ? memory(bytes, new Watch(planned, watch.peaksAreOurs()), null)
                : null;
        return new Metrics(figures.isEmpty() ? null : figures, null, tasks, memory, null, null);
    }

    private @Nullable DensePredictions densePredictions(OpenModel model) {
        OpenModel.Text text = model.divergenceText();
        if (text == null) return null;
        return model.densePredictions(() -> {
            if (streams(model)) return streamed(model.source()).predictions(text);
            try (LanguageModel dense = LanguageModel.load(model.source(), LinearWeights.STORED, backend);
                    Progress.Task windows = progress.begin(
                            "dense predictions on " + text.name(),
                            text.windows().size())) {
                return DensePredictions.of(dense, text.windows(), done -> windows.advance(1));
            }
        });
    }

    /** Where the dense model is no cell of the run, or its answers are gone. */
    private void askDense(OpenModel model) {
        if (model.tasks().knowsDense()) return;
        if (streams(model)) {
            model.tasks().askDense(streamed(model.source()).tasks(), progress);
            return;
        }
        try (LanguageModel dense = LanguageModel.load(model.source(), LinearWeights.STORED, backend)) {
            model.tasks().askDense(OpenTasks.Asked.of(dense), progress);
        }
    }

    private Metrics quantizedMetrics(Cell cell, OpenModel model, @Nullable DensePredictions dense, Watch watch) {
        Progress.Task layersDone = progress.begin(cell.methodLabel() + ": quantize", quantizable(model));
        QuantizedLayers layers = new QuantizedLayers(
                new LayerSource(cell.method(), backend, layerCache), linear -> layersDone.advance(1));
        long start = System.nanoTime();
        try (LanguageModel quantized = load(cell, model, layers, layersDone)) {
            double wall = (System.nanoTime() - start) / 1e9;
            Quantization quantization =
                    cell.calibration() == null ? layers.summary() : layers.summaryWithCalibration(wall);
            return measure(cell, model, quantized, dense, quantization, watch);
        }
    }

    private static int quantizable(OpenModel model) {
        return (int) model.source().architecture().linears().stream()
                .filter(Linear::quantizable)
                .count();
    }

    private LanguageModel load(Cell cell, OpenModel model, QuantizedLayers layers, Progress.Task task) {
        try (task) {
            return load(cell, model, layers);
        }
    }

    private LanguageModel load(Cell cell, OpenModel model, QuantizedLayers layers) {
        Optional<HeadWeight> head = RoundedHead.of(cell.head(), backend);
        if (cell.calibration() == null)
            return LanguageModel.load(
                    model.source(cell), (linear, stored) -> layers.weight(linear, stored, null), head, backend);
        return new Calibration(
                        model.calibrationBlocks(cell.calibration()),
                        cell.method().sequentialCalibration())
                .load(
                        model.source(cell),
                        (linear, stored, inputs) -> layers.weight(linear, stored, inputs.orElse(null)),
                        head,
                        backend);
    }

    private Metrics measure(
            Cell cell,
            OpenModel model,
            LanguageModel loaded,
            @Nullable DensePredictions dense,
            @Nullable Quantization quantization,
            Watch watch) {
        MetricsConfig metrics = config.metrics();
        Map<String, Perplexity> perplexity = perplexity(model, loaded);
        Map<String, Divergence> divergence = dense == null ? null : divergence(model, loaded, dense);
        Map<String, Metrics.Task> tasks = tasks(model.tasks(), OpenTasks.Asked.of(loaded), cell.isDenseModel());
        Metrics.Throughput throughput = throughput(loaded, metrics.throughput());
        Memory memory = metrics.memory()
                ? memory(loaded.bytes(), watch, sessionCache(loaded.architecture(), metrics.throughput()))
                : null;
        return new Metrics(perplexity, divergence, tasks, memory, throughput, quantization);
    }

    private @Nullable Map<String, Perplexity> perplexity(OpenModel model, LanguageModel loaded) {
        if (config.metrics().perplexity() == null) return null;
        Map<String, Perplexity> figures = new LinkedHashMap<>();
        for (OpenModel.Text text : model.texts()) {
            try (Progress.Task windows = progress.begin(
                    "perplexity of " + text.name(), text.windows().size())) {
                figures.put(text.name(), perplexity(loaded, text, windows));
            }
        }
        return figures;
    }

    private Map<String, Divergence> divergence(OpenModel model, LanguageModel loaded, DensePredictions dense) {
        String name = Objects.requireNonNull(model.divergenceText()).name();
        try (Progress.Task windows =
                progress.begin("divergence on " + name, dense.windows().size())) {
            return Map.of(name, dense.divergence(loaded, done -> windows.advance(1)));
        }
    }

    private @Nullable Map<String, Metrics.Task> tasks(OpenTasks tasks, OpenTasks.Asked model, boolean isDense) {
        if (tasks.isEmpty()) return null;
        return isDense ? tasks.ofDense(model, progress) : tasks.of(model, progress);
    }

    private static Perplexity perplexity(LanguageModel loaded, OpenModel.Text text, Progress.Task windows) {
        return Perplexities.measure(
                loaded::nll, text.windows(), text.protocol(), text.join(), text.tokens(), done -> windows.advance(1));
    }

    private Metrics.@Nullable Throughput throughput(LanguageModel loaded, @Nullable ThroughputConfig speed) {
        if (speed == null) return null;
        return new Speed(
                        speed.promptTokens(), speed.generateTokens(), speed.repetitions(), speed.batch(), config.seed())
                .measure(loaded);
    }

    /** Bytes of the largest batch's keys and values where speed is measured: windows keep those of one layer at a time. */
    private static @Nullable Long sessionCache(Architecture architecture, @Nullable ThroughputConfig speed) {
        if (speed == null) return null;
        int capacity = speed.promptTokens() + speed.generateTokens();
        return Collections.max(speed.batch()) * LanguageModel.cacheBytes(architecture, capacity);
    }

    private Memory memory(ModelBytes bytes, Watch watch, @Nullable Long cacheBytes) {
        OptionalLong peak = watch.peaksAreOurs() ? HostMemory.peakBytes() : OptionalLong.empty();
        OptionalLong devicePeak = backend.peakDeviceBytes();
        return new Memory(
                bytes.stored(),
                bytes.quantizable(),
                bytes.quantizableCount(),
                bytes.bitsPerWeight(),
                cacheBytes,
                devicePeak.isPresent() ? devicePeak.getAsLong() : null,
                peak.isPresent() ? peak.getAsLong() : null,
                watch.planned().deviceBytes(),
                watch.planned().host().bytes());
    }
}
