package dev.sinq4j.experiment;

import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.data.CalibrationSet;
import dev.sinq4j.data.ReferencePrompts;
import java.nio.file.Path;
import java.util.List;

/**
 * The calibration texts a configuration names.
 *
 * @param programCache where fetched prompts are kept
 * @param base         folder that relative paths count from
 */
public record Calibrations(Path programCache, Path base) {

    /** Relative paths count from the working directory. */
    public Calibrations(Path programCache) {
        this(programCache, Path.of(""));
    }

    /** Name of the text that comes with the program. */
    public static final String BUNDLED = "bundled";

    /** The texts that have a name. */
    public static List<String> names() {
        return List.of(BUNDLED, ReferencePrompts.NAME);
    }

    /**
     * Reads a text.
     *
     * @throws dev.sinq4j.failure.UnavailableFailure if it is not there
     */
    public CalibrationSet set(CalibrationConfig calibration) {
        CalibrationSet set = switch (calibration.text()) {
            case BUNDLED -> CalibrationSet.bundled();
            case ReferencePrompts.NAME -> ReferencePrompts.in(programCache).load();
            default -> CalibrationSet.file(base.resolve(calibration.text()));
        };
        if (calibration.blocks() == null) return set;
        return new CalibrationSet(set.name(), set.texts(), set.longestText(), calibration.blocks());
    }
}
