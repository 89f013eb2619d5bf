package dev.sinq4j.experiment;

import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.PreSinq;
import dev.sinq4j.method.QuantizedHead;
import org.jspecify.annotations.Nullable;

/**
 * One model by one method: what one line of {@code results.jsonl} is about.
 *
 * @param calibration text the method sees; null for methods that need none
 * @param presinq     what is done to the model before the method; null for nothing
 * @param head        what is done to the head, which the method leaves alone; null for nothing
 */
public record Cell(
        ModelConfig model,
        Method method,
        @Nullable CalibrationConfig calibration,
        @Nullable PreSinq presinq,
        @Nullable QuantizedHead head) {

    /** Whether it is the model as it came, which other cells are compared with. */
    public boolean isDenseModel() {
        return method instanceof Dense && presinq == null;
    }

    /** For progress and messages, such as {@code sinq 3 bits, group 64, 1d, int8 on models/apertus}. */
    public String label() {
        return methodLabel() + " on " + model.source();
    }

    /** The method alone with all that tells it from others, such as {@code sinq 3 bits, group 64, 1d, int8}. */
    public String methodLabel() {
        StringBuilder label = new StringBuilder(presinq == null ? "" : "presinq " + presinq.label() + " + ");
        label.append(method.name());
        if (method.group() != 0)
            label.append(' ').append(method.bits()).append(" bits, group ").append(method.group());
        if (method.tiling() != null) label.append(", ").append(method.tiling().label());
        if (method.aux() != null) label.append(", ").append(method.aux().label());
        method.options()
                .forEach((option, value) ->
                        label.append(", ").append(option.key()).append(' ').append(value));
        if (head != null) label.append(", head-bits ").append(head.bits());
        return label.toString();
    }
}
