package dev.sinq4j.experiment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run would do, from shapes alone. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Plan(String experiment, List<PlannedModel> models, List<PlannedCell> cells, List<PlannedText> texts) {

    /**
     * A model of the plan.
     *
     * @param parameters absent if its shapes are not known before it is fetched
     * @param where      the folder, or why it is not there yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record PlannedModel(
            String name,
            @Nullable Long parameters,
            @Nullable Long fetchBytes,
            String where) {}

    /**
     * A cell of the plan. Bytes and seconds are absent where the model's shapes are not known.
     *
     * @param weightBytes   of the whole model as stored
     * @param bitsPerWeight of the quantized matrices, scales counted
     * @param hostBytes     memory the run takes on the CPU: weights, keys and values, activations
     * @param seconds       rough: arithmetic of the evaluation at a usual rate for so many threads
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record PlannedCell(
            String model,
            String method,
            @Nullable Long weightBytes,
            @Nullable Double bitsPerWeight,
            @Nullable Long hostBytes,
            @Nullable Double seconds) {}

    /**
     * A text of the plan.
     *
     * @param windows absent where the text or the tokenizer is not there yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record PlannedText(
            String name, String model, @Nullable Integer windows, int window, String where) {}
}
