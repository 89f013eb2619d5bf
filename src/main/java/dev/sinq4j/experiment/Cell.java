package dev.sinq4j.experiment;

import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.PreSinq;
import org.jspecify.annotations.Nullable;

/**
 * One model by one method: what one line of {@code results.jsonl} is about.
 *
 * @param calibration text the method sees; null for methods that need none
 * @param presinq     what is done to the model before the method; null for nothing
 */
public record Cell(
        ModelConfig model,
        Method method,
        @Nullable CalibrationConfig calibration,
        @Nullable PreSinq presinq) {

    /** Whether it is the model as it came, which other cells are compared with. */
    public boolean isDenseModel() {
        return method instanceof Dense && presinq == null;
    }

    /** For progress and messages, such as {@code sinq 3 bits, group 64 on models/apertus}. */
    public String label() {
        return methodLabel() + " on " + model.source();
    }

    /** The method alone, such as {@code sinq 3 bits, group 64}. */
    public String methodLabel() {
        String before = presinq == null ? "" : "presinq " + presinq.label() + " + ";
        if (method.group() == 0) return before + method.name();
        return before + method.name() + " " + method.bits() + " bits, group " + method.group();
    }
}
