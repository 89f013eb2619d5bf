package dev.sinq4j.experiment;

import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.method.Method;
import org.jspecify.annotations.Nullable;

/**
 * One model by one method: what one line of {@code results.jsonl} is about.
 *
 * @param calibration text the method sees; null for methods that need none
 */
public record Cell(
        ModelConfig model, Method method, @Nullable CalibrationConfig calibration) {

    /** For progress and messages, such as {@code sinq 3 bits, group 64 on models/apertus}. */
    public String label() {
        return methodLabel() + " on " + model.source();
    }

    /** The method alone, such as {@code sinq 3 bits, group 64}. */
    public String methodLabel() {
        if (method.group() == 0) return method.name();
        return method.name() + " " + method.bits() + " bits, group " + method.group();
    }
}
