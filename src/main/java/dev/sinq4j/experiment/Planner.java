package dev.sinq4j.experiment;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.experiment.Plan.PlannedCell;
import dev.sinq4j.experiment.Plan.PlannedModel;
import dev.sinq4j.experiment.Plan.PlannedTask;
import dev.sinq4j.experiment.Plan.PlannedText;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.QuantizedHead;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.family.Families;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Says what a run would do without reading weights or touching the network: shapes and stored forms come from the headers of
 * the model's files, or, for a model that is not on this machine, shapes from the configuration's {@code shapes}.
 */
public final class Planner {

    private static final int HALF = 2;
    /** fp32 operations a second and thread that evaluation reaches on current server cores. */
    private static final double OPERATIONS_PER_SECOND = 60e9;

    private final ExperimentConfig config;
    private final ModelLocator.Local local;
    private final Datasets datasets;
    private final Calibrations calibrations;
    private final long usableBytes;
    private final OptionalLong deviceBytes;

    /**
     * @param datasets    with a source of files that opens no socket
     * @param usableBytes of memory; {@link Long#MAX_VALUE} if unknown
     * @param deviceBytes free on the GPU; empty where cells are computed on the CPU
     */
    Planner(
            ExperimentConfig config,
            ModelLocator.Local local,
            Datasets datasets,
            Calibrations calibrations,
            long usableBytes,
            OptionalLong deviceBytes) {
        this.config = config;
        this.local = local;
        this.datasets = datasets;
        this.calibrations = calibrations;
        this.usableBytes = usableBytes;
        this.deviceBytes = deviceBytes;
    }

    /**
     * What is known of a model.
     *
     * @param stored how it is stored, where it is on this machine
     */
    private record Known(Architecture architecture, Optional<StoredForms> stored) {

        /** The stored form, where a method changes nothing. */
        Optional<StoredForms> usedAsStored(Method method) {
            return method instanceof Dense ? stored : Optional.empty();
        }
    }

    /** The plan of some or all cells. */
    public Plan plan(List<Cell> cells) {
        Map<ModelConfig, Optional<Known>> known = new LinkedHashMap<>();
        for (Cell cell : cells) known.computeIfAbsent(cell.model(), this::known);
        List<PlannedModel> models = new ArrayList<>();
        List<PlannedText> texts = new ArrayList<>();
        List<PlannedTask> tasks = new ArrayList<>();
        Map<ModelConfig, Long> tokens = new HashMap<>();
        known.forEach((model, found) -> {
            Optional<Architecture> shape = found.map(Known::architecture);
            models.add(model(model, shape));
            DataPlan data = DataPlan.of(config.metrics(), model, shape, local, datasets);
            texts.addAll(data.texts());
            tasks.addAll(data.tasks());
            tokens.put(model, data.tokens());
        });
        List<PlannedCell> planned = cells.stream()
                .map(cell -> cell(cell, Objects.requireNonNull(known.get(cell.model())), tokens.get(cell.model())))
                .toList();
        return new Plan(
                config.experiment(),
                models,
                planned,
                texts,
                tasks,
                usableBytes,
                deviceBytes.isPresent() ? deviceBytes.getAsLong() : null);
    }

    private Optional<Known> known(ModelConfig model) {
        Optional<ModelSource> here = local.open(model);
        if (here.isEmpty())
            return local.config(model).map(config -> new Known(Families.read(config), Optional.empty()));
        try (ModelSource source = here.get()) {
            return Optional.of(new Known(source.architecture(), Optional.of(StoredForms.of(source))));
        }
    }

    private PlannedModel model(ModelConfig model, Optional<Architecture> shape) {
        Long parameters = shape.map(Architecture::parameterCount).orElse(null);
        Optional<Path> folder = local.folder(model);
        boolean file = Files.isRegularFile(Path.of(model.source()));
        boolean there = folder.isPresent() || file || model.isSynthetic();
        Long fetch = there || parameters == null ? null : HALF * parameters;
        String where = folder.map(Path::toString)
                .or(() -> file ? Optional.of(model.source()) : Optional.empty())
                .orElse(
                        model.isSynthetic()
                                ? "random weights, made when needed"
                                : "not on this machine: ./sinq4j fetch " + model.source());
        return new PlannedModel(model.source(), parameters, fetch, where);
    }

    private PlannedCell cell(Cell cell, Optional<Known> known, @Nullable Long tokens) {
        if (known.isEmpty())
            return new PlannedCell(cell.model().source(), cell.methodLabel(), null, null, null, null, null, null, null);
        Architecture architecture = known.get().architecture();
        Optional<StoredForms> asStored = known.get().usedAsStored(cell.method());
        long quantized = asStored.map(forms -> forms.bytes().quantizable())
                .orElseGet(() -> quantizedBytes(architecture, cell.method()));
        long weights = asStored.map(forms -> forms.bytes().stored())
                .orElseGet(() -> quantized + otherBytes(architecture, cell.head()));
        DeviceNeeds device =
                deviceBytes.isPresent() ? device(cell, architecture, asStored, deviceBytes.getAsLong()) : null;
        HostNeeds host = host(cell, architecture, asStored, device);
        return new PlannedCell(
                cell.model().source(),
                cell.methodLabel(),
                weights,
                8.0 * quantized / architecture.quantizableCount(),
                host.bytes(),
                host,
                device == null ? null : device.bytes(),
                device,
                tokens == null ? null : seconds(architecture, tokens));
    }

    private DeviceNeeds device(Cell cell, Architecture architecture, Optional<StoredForms> asStored, long free) {
        DevicePlan plan = new DevicePlan(HostPlan.of(config.metrics()).with(cell.head()));
        return asStored.isPresent()
                ? plan.chosen(architecture, asStored.get(), free)
                : plan.chosen(architecture, cell.method(), CalibrationNeeds.of(cell.calibration(), calibrations), free);
    }

    /** @param device null where the cell is computed on the CPU */
    private HostNeeds host(
            Cell cell, Architecture architecture, Optional<StoredForms> asStored, @Nullable DeviceNeeds device) {
        HostPlan plan = HostPlan.of(config.metrics()).with(cell.head());
        if (device == null && asStored.isPresent()) return plan.chosen(architecture, asStored.get(), usableBytes);
        CalibrationNeeds calibration = CalibrationNeeds.of(cell.calibration(), calibrations);
        return device == null
                ? plan.chosen(architecture, cell.method(), calibration, usableBytes)
                : plan.besideDevice(architecture, cell.method(), calibration, device.layerByLayer());
    }

    private static long quantizedBytes(Architecture architecture, Method method) {
        return architecture.linears().stream()
                .filter(Linear::quantizable)
                .mapToLong(linear -> StoredSize.of(method, linear.rows(), linear.columns()))
                .sum();
    }

    private static long otherBytes(Architecture architecture, @Nullable QuantizedHead form) {
        long untouched = architecture.linears().stream()
                .filter(linear -> !linear.quantizable())
                .mapToLong(Linear::elements)
                .sum();
        long parameters = architecture.parameters().stream()
                .mapToLong(Parameter::elements)
                .sum();
        return HALF * (untouched + parameters) + headBytes(architecture, form);
    }

    /** A tied head in its stored form is the embedding. */
    private static long headBytes(Architecture architecture, @Nullable QuantizedHead form) {
        Linear head = architecture.head();
        if (form != null) return StoredSize.of(form.method(), head.rows(), head.columns());
        return architecture.tied() ? 0 : HALF * head.elements();
    }

    private double seconds(Architecture architecture, long tokens) {
        double operations = 2.0
                * tokens
                * (architecture.quantizableCount() + architecture.head().elements());
        return operations / (OPERATIONS_PER_SECOND * Experiment.threads(config));
    }
}
