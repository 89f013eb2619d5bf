package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.BitsAndBytes;
import dev.sinq4j.method.Hqq;
import dev.sinq4j.method.LlamaCpp;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.Resolution;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What our quantizers make, encoded and decoded again, through the sidecar's text. */
class LayerRoundTripTest {

    private static final LayerNames NAMES = new LayerNames("model.layers.0.mlp.down_proj");
    private static final int[][] SHAPES = {{64, 128}, {96, 172}, {33, 64}, {31, 172}, {7, 40}};

    static List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (String name : Methods.builtIn())
            for (int bits : new int[] {1, 2, 3, 4, 5, 6, 8})
                for (int group : new int[] {32, 64})
                    for (Tiling tiling : Tiling.values())
                        for (AuxPrecision aux : AuxPrecision.values())
                            if (Methods.resolve(new MethodRequest(name, bits, group, tiling, aux, Map.of()))
                                            instanceof Resolution.Accepted(Method method)
                                    && isWorthTrying(method)) methods.add(method);
        return methods;
    }

    /** Rivals make the same parts as the reference's methods, and the calibrated ones take their time: one setting of each. */
    private static boolean isWorthTrying(Method method) {
        return switch (method) {
            case LlamaCpp _ -> false; // made of blocks, not of packed parts
            case SinqFamily _, Hqq _ -> true;
            case BitsAndBytes _ -> method.group() == 32;
            default -> method.group() == 32 && method.bits() == 3;
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void everyPartOfALayerComesBackBitForBit(Method method) throws Exception {
        for (int[] shape : SHAPES) {
            Tensor weight = weight(shape[0], shape[1]);
            Inputs inputs = method.needsCalibration() ? inputs(shape[1]) : null;
            Weight quantized = Quantizers.of(method).quantize(weight, inputs).weight();
            if (blocksCrossRows(method, shape[1])) continue;
            PackedWeight packed = (PackedWeight) quantized;
            CheckpointAssertions.assertSameWeight(packed, roundTrip(method, packed));
        }
    }

    private static boolean blocksCrossRows(Method method, int columns) {
        return method instanceof BitsAndBytes && columns % method.group() != 0;
    }

    @Test
    void aCodebookOfItsOwnAndARotationComeBack() throws Exception {
        float[] levels = {-0.9f, -0.3f, 0.1f, 1};
        PackedWeight packed = new PackedWeight(
                2,
                4,
                4,
                new Grid.Codebook(2, levels),
                new byte[] {0, 1, 2, 3, 3, 2, 1, 0},
                new Auxiliary.Single(new float[] {0.5f, 0.25f}),
                new Auxiliary.Constant((short) 0),
                new ColumnScale.None(),
                new InputTransform.Hadamard(4, new byte[] {1, -1, -1, 1}));
        CheckpointAssertions.assertSameWeight(packed, roundTrip(Methods.of(MethodRequest.of("rtn")), packed));
    }

    @Test
    void aLayerTheReferenceCouldHaveMadeNeedsNothingBeyondItsFormat() {
        Method sinq = Methods.of(MethodRequest.of("sinq"));
        PackedWeight packed = (PackedWeight)
                Quantizers.of(sinq).quantize(weight(64, 128), null).weight();
        assertEquals("{}", encode(sinq, packed).extension().toJson().toString());
    }

    @Test
    void whatTheReferenceCannotSayIsStated() {
        Method sinq = Methods.of(new MethodRequest("sinq", 4, 64, Tiling.TWO_D, AuxPrecision.INT8, Map.of()));
        PackedWeight packed = (PackedWeight)
                Quantizers.of(sinq).quantize(weight(31, 172), null).weight();
        assertEquals(
                "{\"tiling\":\"2d\",\"last_group\":44,\"padded_code_rows\":1,\"scale_classes\":3}",
                encode(sinq, packed).extension().toJson().toString());
    }

    private static PackedWeight roundTrip(Method method, PackedWeight packed) throws Exception {
        EncodedLayer encoded = encode(method, packed);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Tensor tensor : encoded.tensors()) tensors.put(tensor.name(), tensor);
        LayerMeta meta = LayerMeta.read("meta", reread(encoded.meta().toJson()));
        LayerExtension extension =
                LayerExtension.read("extension", reread(encoded.extension().toJson()));
        return new LayerDecoder("round trip", tensors).decode(NAMES, meta, extension);
    }

    private static EncodedLayer encode(Method method, PackedWeight packed) {
        Tiling tiling = Objects.requireNonNullElse(method.tiling(), Tiling.ONE_D);
        return new LayerEncoder(ReferenceMethod.of(method), tiling, DType.BF16).encode(NAMES, packed, Optional.empty());
    }

    private static JsonNode reread(JsonNode json) throws Exception {
        return new JsonMapper().readTree(PythonJson.bytes(json));
    }

    /** Normal numbers with a few heavy columns. */
    private static Tensor weight(int rows, int columns) {
        Random random = new Random(31L * rows + columns);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++)
            values[i] = (float) (random.nextGaussian() * (i % columns % 17 == 0 ? 0.2 : 0.02));
        return Numbers.tensor(NAMES.leaf() + ".weight", List.of((long) rows, (long) columns), values);
    }

    private static Inputs inputs(int columns) {
        Random random = new Random(columns);
        float[] values = new float[8 * columns];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        return new Inputs(values, 8, columns);
    }
}
