package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.weight.Packing;
import java.util.List;
import java.util.Optional;

/**
 * What the sidecar says of one quantized layer, in the reference's words.
 *
 * @param bits        of a code
 * @param group       {@code group_size}
 * @param rows        {@code shape[0]}
 * @param columns     {@code shape[1]}
 * @param scaleShape  {@code scale.shape}, where scales are 8-bit codes
 * @param zeroShape   {@code zero.shape}, where zeros are 8-bit codes; empty for one number a layer
 * @param method      {@code method}
 * @param computeType {@code compute_dtype}: what the reference's modules compute in
 */
record LayerMeta(
        int bits,
        int group,
        int rows,
        int columns,
        Optional<List<Long>> scaleShape,
        Optional<List<Long>> zeroShape,
        ReferenceMethod method,
        DType computeType) {

    /**
     * Reads and checks a layer's fields.
     *
     * @param where how messages call the place: file and layer
     * @param json  the object under {@code meta}
     */
    static LayerMeta read(String where, JsonNode json) {
        SidecarFields fields = new SidecarFields(where, json);
        int bits = fields.wholeNumber("nbits", 1, 8);
        List<Long> shape = fields.sizes("shape");
        if (shape.size() != 2) throw fields.wrong("shape", "two sizes, rows and columns", shape);
        fields.require("axis", 1);
        fields.requireAbsentOrNull("awq_scale");
        fields.requireAbsentOr("view_as_float", false);
        fields.require("packing", packing(bits));
        return new LayerMeta(
                bits,
                fields.wholeNumber("group_size", 1, Integer.MAX_VALUE),
                Math.toIntExact(shape.get(0)),
                Math.toIntExact(shape.get(1)),
                fields.optionalSizes("scale.shape"),
                fields.optionalSizes("zero.shape"),
                method(fields),
                computeType(fields));
    }

    /** The fields in the order the reference writes them. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("nbits", bits).put("group_size", group);
        json.set("shape", array(List.of((long) rows, (long) columns)));
        scaleShape.ifPresent(shape -> json.set("scale.shape", array(shape)));
        json.putNull("awq_scale");
        zeroShape.ifPresent(shape -> json.set("zero.shape", array(shape)));
        return json.put("axis", 1)
                .put("packing", packing(bits))
                .put("method", method.text())
                .put("compute_dtype", torchName(computeType))
                .put("unpack_view_dtype", Packing.of(bits).containerBytes() == 1 ? "torch.uint8" : "torch.int32")
                .put("view_as_float", false);
    }

    PackedCodes codes() {
        return new PackedCodes(rows, columns, group, bits);
    }

    /** The name of a bit width's container, such as {@code 3bit_32}. */
    private static String packing(int bits) {
        Packing packing = Packing.of(bits);
        return packing.bits() + (packing.containerBytes() == 1 ? "bit_u8" : "bit_32");
    }

    private static ReferenceMethod method(SidecarFields fields) {
        String text = fields.text("method");
        Optional<String> unknown = ReferenceMethod.unknownWord(text);
        if (unknown.isPresent())
            throw new UnavailableFailure(fields.where() + ": method '" + text + "': '" + unknown.get()
                    + "' is not a word of the reference's; known are " + ReferenceMethod.known());
        return new ReferenceMethod(text);
    }

    private static DType computeType(SidecarFields fields) {
        String text = fields.text("compute_dtype");
        return switch (text) {
            case "torch.bfloat16" -> DType.BF16;
            case "torch.float16" -> DType.F16;
            case "torch.float32" -> DType.F32;
            default -> throw fields.wrong("compute_dtype", "torch.bfloat16, torch.float16 or torch.float32", text);
        };
    }

    /** PyTorch's name of a type of weights. */
    static String torchName(DType dtype) {
        return switch (dtype) {
            case BF16 -> "torch.bfloat16";
            case F16 -> "torch.float16";
            case F32 -> "torch.float32";
            default -> throw new IllegalArgumentException(dtype + " is no type weights are computed in");
        };
    }

    private static ArrayNode array(List<Long> sizes) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        sizes.forEach(array::add);
        return array;
    }
}
