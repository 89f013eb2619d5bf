package dev.sinq4j.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code results.jsonl}: everything known of one finished cell. Absent means not measured, never zero.
 *
 * @param schema     version of this layout, {@link #SCHEMA}
 * @param cell       hash of everything that can change the figures
 * @param experiment name of the experiment
 * @param model      as the configuration names it
 * @param method     preset name
 * @param bits       of a code; 16 for none
 * @param group      columns that share a scale; absent where there are no groups
 * @param tiling     {@code 1d} or {@code 2d}; absent where the method has none
 * @param aux        {@code int8}, {@code fp16} or {@code fp32}; absent where the method has none
 * @param options    further settings of the method and model that tell this cell from others, resolved
 * @param status     {@code ok} or {@code failed}
 * @param error      the message the user saw, if failed
 * @param metrics    what was measured; {@link Metrics#NONE} where a line has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CellResult(
        int schema,
        String cell,
        String experiment,
        String model,
        String method,
        int bits,
        @Nullable Integer group,
        @Nullable String tiling,
        @Nullable String aux,
        @Nullable Map<String, Object> options,
        Status status,
        @Nullable String error,
        Metrics metrics,
        Provenance provenance) {

    public static final int SCHEMA = 1;

    public CellResult {
        metrics = Objects.requireNonNullElse(metrics, Metrics.NONE);
    }

    /** How a cell ended. */
    public enum Status {
        @JsonProperty("ok")
        OK,
        @JsonProperty("failed")
        FAILED
    }
}
