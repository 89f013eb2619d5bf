package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Dequantizer;
import dev.sinq4j.quant.Dequantizer.Order;
import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.PackedWeight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Checkpoints the reference wrote, read by us. */
class SinqCheckpointGoldenTest {

    private static final String FP32 = "dequantized_fp32.";
    private static final String FP32_FIRST_ROWS = "dequantized_fp32_first_8_rows.";
    private static final String AS_REFERENCE = "dequantized_as_reference.";

    @TestFactory
    Stream<DynamicNode> layersDequantizeToTheReferencesNumbers() throws IOException {
        return GoldenCheckpoint.tests(SinqCheckpointGoldenTest::checkLayers);
    }

    private static void checkLayers(GoldenCheckpoint golden) {
        try (SinqCheckpoint checkpoint = SinqCheckpoint.open(golden.checkpoint());
                SafetensorsFile numbers = SafetensorsFile.open(golden.numbers())) {
            Order reference =
                    golden.text("compute_dtype").equals("bfloat16") ? Order.REFERENCE_BF16 : Order.REFERENCE_FP16;
            int compared = 0;
            for (Tensor expected : numbers.tensors().values()) {
                String name = expected.name();
                if (name.startsWith(FP32)) check(checkpoint, name.substring(FP32.length()), expected, Order.FP32);
                else if (name.startsWith(FP32_FIRST_ROWS))
                    check(checkpoint, name.substring(FP32_FIRST_ROWS.length()), expected, Order.FP32);
                else if (name.startsWith(AS_REFERENCE))
                    check(checkpoint, name.substring(AS_REFERENCE.length()), expected, reference);
                else continue;
                compared++;
            }
            assertTrue(compared > 0, "no dequantized tensor among the golden numbers");
        }
    }

    private static void check(SinqCheckpoint checkpoint, String leaf, Tensor expected, Order order) {
        PackedWeight weight = layer(checkpoint, leaf);
        // the reference's NF modules return fp16 whatever they are to compute in, so its fp32 figures start from fp16
        // weights
        boolean halfAnyway = weight.grid() instanceof Grid.Codebook;
        Dequantizer rows = new Dequantizer(weight, halfAnyway ? Order.REFERENCE_FP16 : order);
        float[] values = expected.floats();
        float[] row = new float[weight.columns()];
        for (int i = 0; i < expected.rows(); i++) {
            rows.row(i, row, 0);
            for (int j = 0; j < row.length; j++)
                assertEquals(values[i * row.length + j], row[j], expected.name() + "[" + i + ", " + j + "]");
        }
    }

    private static PackedWeight layer(SinqCheckpoint checkpoint, String leaf) {
        Linear linear = checkpoint.architecture().linears().stream()
                .filter(candidate -> candidate.tensor().equals(leaf + ".weight"))
                .findFirst()
                .orElseThrow();
        return (PackedWeight) checkpoint.weight(linear, Arena.global());
    }
}
