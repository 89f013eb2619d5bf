package dev.sinq4j.quant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.Tiling;
import java.util.Map;

/** The method a golden case was made with, from the reference's method string and settings. */
public final class ReferenceMethod {

    private ReferenceMethod() {}

    static SinqFamily of(JsonNode settings, boolean referenceExact) {
        String string = settings.get("method").asText();
        AuxPrecision aux = string.endsWith("_quantAux") ? AuxPrecision.INT8 : AuxPrecision.FP16;
        if (settings.get("working_dtype").asText().equals("float32")) aux = AuxPrecision.FP32;
        return (SinqFamily) Methods.of(new MethodRequest(
                preset(string.replace("_quantAux", "").replace("_fp16aux", "")),
                settings.get("nbits").asInt(),
                settings.get("group_size").asInt(),
                settings.get("tiling_mode").asText().equals("2D") ? Tiling.TWO_D : Tiling.ONE_D,
                aux,
                Map.of(MethodOption.REFERENCE_EXACT, referenceExact)));
    }

    /** The preset of a method string, 8-bit auxiliaries where it ends in {@code quantAux}, 1D tiles, group 64. */
    public static Method of(String string, int bits, boolean referenceExact) {
        return Methods.of(new MethodRequest(
                preset(string.replace("_quantAux", "").replace("_noaux", "")),
                bits,
                64,
                Tiling.ONE_D,
                string.endsWith("_quantAux") ? AuxPrecision.INT8 : AuxPrecision.FP16,
                Map.of(MethodOption.REFERENCE_EXACT, referenceExact)));
    }

    private static String preset(String string) {
        return switch (string) {
            case "sinq", "rtn", "nf4", "nf3" -> string;
            case "hqq" -> "reference-hqq";
            case "rtn_noz" -> "rtn-symmetric";
            case "sinq_noz" -> "sinq-symmetric";
            case "sinq_nf4" -> "sinq-nf4";
            case "sinq_nf3" -> "sinq-nf3";
            case "sinq_hqq" -> "sinq-hqq";
            case "awq_l1" -> "awq-l1";
            case "awq" -> "awq-l2";
            case "sinq_awq_l1" -> "asinq";
            case "sinq_awq" -> "asinq-l2";
            default -> throw new AssertionError("no preset for the reference's method '" + string + "'");
        };
    }
}
