package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a layer the reference's format cannot say; it stands in the sidecar under {@value Sidecar#EXTENSION}, and a layer
 * that needs none of it has no entry there.
 *
 * @param twoDimensional whether tiles are group x group though the shapes do not show it
 * @param lastGroup      columns of a last group that is shorter; 0 where none is
 * @param paddedCodeRows code rows of zeros that fill the last container although the reference would refuse to
 * @param scaleClasses   classes of 8-bit scales where they are not 32 scales each; 0 otherwise
 * @param levels         what codes stand for, where it is neither a number nor NF4 or NF3
 * @param hadamardBlock  columns of a block of the rotation before the layer; 0 where there is none
 */
record LayerExtension(
        boolean twoDimensional,
        int lastGroup,
        int paddedCodeRows,
        int scaleClasses,
        Optional<float[]> levels,
        int hadamardBlock) {

    /** Nothing beyond the reference. */
    static final LayerExtension NONE = new LayerExtension(false, 0, 0, 0, Optional.empty(), 0);

    private static final String TILING = "tiling";
    private static final String LAST_GROUP = "last_group";
    private static final String PADDED_CODE_ROWS = "padded_code_rows";
    private static final String SCALE_CLASSES = "scale_classes";
    private static final String LEVELS = "levels";
    private static final String HADAMARD_BLOCK = "hadamard_block";

    static LayerExtension read(String where, @Nullable JsonNode json) {
        if (json == null) return NONE;
        SidecarFields fields = new SidecarFields(where, json);
        if (json.has(TILING)) fields.require(TILING, "2d");
        return new LayerExtension(
                json.has(TILING),
                optional(fields, LAST_GROUP),
                optional(fields, PADDED_CODE_ROWS),
                optional(fields, SCALE_CLASSES),
                levels(where, json.get(LEVELS)),
                optional(fields, HADAMARD_BLOCK));
    }

    /** Only what deviates; empty for {@link #NONE}. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (twoDimensional) json.put(TILING, "2d");
        if (lastGroup > 0) json.put(LAST_GROUP, lastGroup);
        if (paddedCodeRows > 0) json.put(PADDED_CODE_ROWS, paddedCodeRows);
        if (scaleClasses > 0) json.put(SCALE_CLASSES, scaleClasses);
        levels.ifPresent(values -> {
            ArrayNode array = json.putArray(LEVELS);
            for (float level : values) array.add(level);
        });
        if (hadamardBlock > 0) json.put(HADAMARD_BLOCK, hadamardBlock);
        return json;
    }

    private static int optional(SidecarFields fields, String field) {
        return fields.json().has(field) ? fields.wholeNumber(field, 1, Integer.MAX_VALUE) : 0;
    }

    private static Optional<float[]> levels(String where, @Nullable JsonNode json) {
        if (json == null) return Optional.empty();
        float[] levels = new float[json.size()];
        for (int i = 0; i < levels.length; i++) {
            if (!json.get(i).isNumber())
                throw new UnavailableFailure(
                        where + ": " + LEVELS + "[" + i + "]: expected a number, found " + json.get(i));
            levels[i] = json.get(i).floatValue();
        }
        return Optional.of(levels);
    }
}
