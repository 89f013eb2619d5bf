package dev.sinq4j.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One cell's method. Absent means that the method has no such setting, or, before {@link MethodCatalog#resolve}, its default. */
public record MethodSettings(
        String method,
        @Nullable Integer bits,
        @Nullable Integer group,
        @Nullable String tiling,
        @Nullable String aux,
        MethodConfig.@Nullable CalibrationConfig calibration,
        Map<String, Object> options) {

    /** For messages and progress, such as {@code sinq 3 bits, group 64, 1d, int8}. */
    public String label() {
        StringBuilder label = new StringBuilder(method);
        if (bits != null) label.append(' ').append(bits).append(" bits");
        if (group != null) label.append(", group ").append(group);
        if (tiling != null) label.append(", ").append(tiling);
        if (aux != null) label.append(", ").append(aux);
        options.forEach(
                (key, value) -> label.append(", ").append(key).append(' ').append(value));
        return label.toString();
    }
}
