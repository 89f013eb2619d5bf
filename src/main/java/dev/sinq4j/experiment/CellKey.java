package dev.sinq4j.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.hub.Sha256;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can change a cell's figures, and nothing else. Two cells with the same {@link #hash} have the same figures;
 * where the code of a method changes its results, {@link #METHODS_VERSION} has to change with it.
 *
 * @param modelSha256       of every file that decides the model's numbers
 * @param tokenizerSha256   of the tokenizer
 * @param method            the description with every setting
 * @param calibrationSha256 of the calibration text; null where none is read
 * @param calibration       how the text is cut
 * @param metrics           what is measured and by which protocol
 * @param datasetSha256     by dataset name
 * @param backend           {@code cpu} or {@code cuda}
 * @param speed             device and threads, where speed is measured; null elsewhere
 */
record CellKey(
        Map<String, String> modelSha256,
        String tokenizerSha256,
        Object method,
        @Nullable String calibrationSha256,
        @Nullable Object calibration,
        Object metrics,
        Map<String, String> datasetSha256,
        String backend,
        @Nullable Map<String, Object> speed,
        long seed) {

    /** Version of what the methods and metrics compute. */
    static final int METHODS_VERSION = 1;

    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** SHA-256 of the canonical JSON, the first 16 hex digits. */
    String hash() {
        try {
            String json = CANONICAL.writeValueAsString(Map.of("version", METHODS_VERSION, "key", this));
            return Sha256.of(json).substring(0, 16);
        } catch (JsonProcessingException e) {
            throw new AssertionError("records of plain values can be written as JSON", e);
        }
    }
}
