package dev.sinq4j.experiment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do, from shapes alone.
 *
 * @param usableBytes       of memory on this machine; {@link Long#MAX_VALUE} if unknown
 * @param usableDeviceBytes of the GPU's memory; null where cells are computed on the CPU
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Plan(
        String experiment,
        List<PlannedModel> models,
        List<PlannedCell> cells,
        List<PlannedText> texts,
        List<PlannedTask> tasks,
        long usableBytes,
        @Nullable Long usableDeviceBytes) {

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
     * @param hostBytes     peak of memory on the CPU
     * @param host          what it is made of
     * @param deviceBytes   peak of memory on the GPU; absent where cells are computed on the CPU
     * @param device        what it is made of
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
            @Nullable HostNeeds host,
            @Nullable Long deviceBytes,
            @Nullable DeviceNeeds device,
            @Nullable Double seconds) {}

    /**
     * A text of the plan.
     *
     * @param use                what is measured on it: {@code perplexity} or {@code divergence}
     * @param windows            absent where the text or the tokenizer is not there yet
     * @param mostWindows        what the configuration limits them to; absent if to nothing
     * @param smallestDifference between two methods' mean losses, nats per token, that so many windows are likely to show; absent
     *                           for a divergence and fewer than two windows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record PlannedText(
            String name,
            String use,
            String model,
            @Nullable Integer windows,
            @Nullable Integer mostWindows,
            int window,
            @Nullable Double smallestDifference,
            String where) {}

    /**
     * A task of the plan.
     *
     * @param questions          absent where they are not there yet
     * @param mostQuestions      what the configuration limits them to; absent if to nothing
     * @param shots              examples in front of each
     * @param smallestDifference between two methods' accuracies, a share, that so many questions are likely to show
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record PlannedTask(
            String name,
            String model,
            @Nullable Integer questions,
            @Nullable Integer mostQuestions,
            int shots,
            @Nullable Double smallestDifference,
            String where) {}
}
