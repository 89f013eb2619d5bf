package dev.sinq4j.cli.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's files.
 *
 * @param path         as the user named it
 * @param format       of the weights
 * @param architecture {@code model_type} of config.json; absent for a file alone
 * @param elements     numbers in all tensors; of a packed tensor, its containers
 * @param bytes        of all tensors
 * @param metadata     of a GGUF file, long lists by their length; absent for other formats
 * @param quantization settings in the sidecar of a SINQ checkpoint; empty if there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Inspection(
        String path,
        String format,
        @Nullable String architecture,
        long elements,
        long bytes,
        @Nullable Map<String, Object> metadata,
        List<Setting> quantization,
        List<StoredFile> files,
        List<StoredTensor> tensors) {

    /** Stored bits of a number, over all tensors. */
    @JsonProperty
    public double bitsPerElement() {
        return elements == 0 ? 0 : 8.0 * bytes / elements;
    }

    /** One tensor. */
    public record StoredTensor(String name, String dtype, List<Long> shape, long bytes) {}

    /** One file; its hash is absent where none was asked for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoredFile(
            String file, long bytes, @Nullable String sha256) {}

    /** How a number of layers is quantized, in the words of the checkpoint. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Setting(String method, int bits, int group, String packing, String computeDtype, int layers) {}
}
