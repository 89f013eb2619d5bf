package dev.sinq4j.config;

import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.QuantizedHead;
import dev.sinq4j.method.Tiling;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One cell's method; in a loaded configuration absent means that the method has no such setting. */
public record MethodSettings(
        String method,
        @Nullable Integer bits,
        @Nullable Integer group,
        @Nullable String tiling,
        @Nullable String aux,
        MethodConfig.@Nullable CalibrationConfig calibration,
        @Nullable PreSinqConfig presinq,
        @Nullable Integer headBits,
        Map<String, Object> options) {

    /** As the method room takes it. */
    public MethodRequest request() {
        return new MethodRequest(
                method,
                bits,
                group,
                Arrays.stream(Tiling.values())
                        .filter(value -> value.label().equals(tiling))
                        .findFirst()
                        .orElse(null),
                Arrays.stream(AuxPrecision.values())
                        .filter(value -> value.label().equals(aux))
                        .findFirst()
                        .orElse(null),
                methodOptions());
    }

    private Map<MethodOption, Object> methodOptions() {
        Map<MethodOption, Object> known = new EnumMap<>(MethodOption.class);
        options.forEach((key, value) -> MethodOption.of(key).ifPresent(option -> known.put(option, value)));
        return known;
    }

    /** What is done to the head; null for nothing. */
    public @Nullable QuantizedHead head() {
        return headBits == null ? null : new QuantizedHead(headBits);
    }

    /** The method itself. */
    public Method resolve() {
        return Methods.of(request());
    }

    /** For messages and progress, such as {@code sinq 3 bits, group 64, 1d, int8}. */
    public String label() {
        StringBuilder label = new StringBuilder(method);
        if (bits != null) label.append(' ').append(bits).append(" bits");
        if (group != null) label.append(", group ").append(group);
        if (tiling != null) label.append(", ").append(tiling);
        if (aux != null) label.append(", ").append(aux);
        if (presinq != null)
            label.append(", presinq ").append(presinq.settings().label());
        if (headBits != null) label.append(", head-bits ").append(headBits);
        options.forEach(
                (key, value) -> label.append(", ").append(key).append(' ').append(value));
        return label.toString();
    }
}
