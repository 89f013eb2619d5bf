package dev.sinq4j.experiment;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.method.External;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the keys of one model's cells; its files are hashed once. */
final class CellKeys {

    private final ExperimentConfig config;
    private final Environment environment;
    private final Backend backend;
    private final Calibrations calibrations;
    private final OpenModel model;
    private final Map<String, String> modelSha256;

    CellKeys(
            ExperimentConfig config,
            Environment environment,
            Backend backend,
            Calibrations calibrations,
            OpenModel model) {
        this.config = config;
        this.environment = environment;
        this.backend = backend;
        this.calibrations = calibrations;
        this.model = model;
        this.modelSha256 = model.source().sha256();
    }

    CellKey of(Cell cell) {
        return new CellKey(
                modelSha256,
                model.tokenizerSha256(),
                description(cell),
                calibrationSha256(cell),
                cell.calibration() == null
                        ? null
                        : Map.of(
                                "tokens",
                                cell.calibration().tokens(),
                                "blocks",
                                String.valueOf(cell.calibration().blocks())),
                config.metrics(),
                model.datasetSha256(),
                backend.name(),
                config.metrics().throughput() == null ? null : speed(),
                config.seed());
    }

    Map<String, String> modelSha256() {
        return modelSha256;
    }

    /** The texts a cell's figures depend on. */
    Map<String, String> datasetSha256(Cell cell) {
        Map<String, String> sums = new LinkedHashMap<>(model.datasetSha256());
        String calibration = calibrationSha256(cell);
        if (calibration != null) sums.put("calibration", calibration);
        return sums;
    }

    /** Settings that tell a cell from others and have no field of their own in a result. */
    @Nullable
    Map<String, Object> options(Cell cell) {
        Map<String, Object> options = new LinkedHashMap<>();
        cell.method().options().forEach((option, value) -> options.put(option.key(), value));
        if (cell.method() instanceof External external) options.put("extension_version", external.version());
        if (cell.presinq() != null) options.put("presinq", cell.presinq().label());
        if (cell.head() != null) options.put("head-bits", cell.head().bits());
        if (cell.calibration() != null) describe(cell.calibration(), options);
        return options.isEmpty() ? null : options;
    }

    /** The method, what is done before it, and what is done to the head. */
    private static Object description(Cell cell) {
        if (cell.presinq() == null && cell.head() == null) return cell.method();
        Map<String, Object> parts = new LinkedHashMap<>(Map.of("method", cell.method()));
        if (cell.presinq() != null) parts.put("presinq", cell.presinq());
        if (cell.head() != null) parts.put("head", cell.head());
        return parts;
    }

    private void describe(CalibrationConfig calibration, Map<String, Object> options) {
        options.put("calibration", calibrations.set(calibration).name());
        options.put("calibration_block_tokens", calibration.tokens());
        options.put("calibration_most_blocks", calibrations.set(calibration).blocks());
    }

    private @Nullable String calibrationSha256(Cell cell) {
        return cell.calibration() == null
                ? null
                : calibrations.set(cell.calibration()).sha256();
    }

    private Map<String, Object> speed() {
        return Map.of(
                "device", Environment.device(), "threads", environment.threads(), "kernels", backend.description());
    }
}
