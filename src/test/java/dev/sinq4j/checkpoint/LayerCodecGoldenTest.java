package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.quant.Dequantizer;
import dev.sinq4j.quant.Dequantizer.Order;
import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.PackedWeight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Single layers as the reference's quantizer left them: every bit width, tiling, method and kind of auxiliaries. */
class LayerCodecGoldenTest {

    private static final String LEAF = "model.layers.0.mlp.up_proj";
    private static final JsonMapper JSON = new JsonMapper();

    @TestFactory
    Stream<DynamicNode> layersOfTheReferenceAreReadAndWrittenBitForBit() throws IOException {
        Path folder = Shared.path("golden/quantizer/sinq");
        List<DynamicNode> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) cases.addAll(cases(file));
        }
        assertTrue(!cases.isEmpty(), () -> folder + " holds no case");
        return cases.stream();
    }

    private static List<DynamicNode> cases(Path file) throws IOException {
        List<DynamicNode> cases = new ArrayList<>();
        try (SafetensorsFile golden = SafetensorsFile.open(file)) {
            for (Map.Entry<String, String> entry : golden.metadata().entrySet()) {
                if (!entry.getKey().contains("/")) continue;
                JsonNode settings = JSON.readTree(entry.getValue());
                boolean whole = golden.tensors().containsKey(entry.getKey() + "/W_q") && !settings.has("raises");
                if (whole)
                    cases.add(DynamicTest.dynamicTest(entry.getKey(), () -> check(file, entry.getKey(), settings)));
            }
        }
        return cases;
    }

    private static void check(Path file, String key, JsonNode settings) throws JsonProcessingException {
        try (SafetensorsFile golden = SafetensorsFile.open(file)) {
            Map<String, Tensor> stored = layer(golden.tensors(), key);
            LayerMeta meta = LayerMeta.read("sidecar", meta(settings));
            PackedWeight weight =
                    new LayerDecoder("golden", stored).decode(new LayerNames(LEAF), meta, LayerExtension.NONE);
            // how it rounds fp32 scales when it computes in fp16 is not described
            if (!(weight.scale() instanceof Auxiliary.Single))
                check(golden.tensors(), key + "/dequant_fp16", weight, Order.REFERENCE_FP16);
            check(golden.tensors(), key + "/dequant_bf16", weight, Order.REFERENCE_BF16);
            Tiling tiling = settings.get("tiling_mode").asText().equals("2D") ? Tiling.TWO_D : Tiling.ONE_D;
            EncodedLayer written = new LayerEncoder(meta.method(), tiling, meta.computeType())
                    .encode(new LayerNames(LEAF), weight, Optional.empty());
            CheckpointAssertions.assertSameTensors(stored, byName(written.tensors()));
            assertEquals(meta.toJson(), written.meta().toJson());
            assertEquals(LayerExtension.NONE, written.extension());
        }
    }

    private static void check(Map<String, Tensor> golden, String name, PackedWeight weight, Order order) {
        Tensor expected = golden.get(name);
        if (expected == null) return;
        float[] values = expected.floats();
        float[] actual = new Dequantizer(weight, order).matrix();
        for (int i = 0; i < values.length; i++) assertEquals(values[i], actual[i], name + "[" + i + "]");
    }

    /** Renames a case's tensors to what they are called in a checkpoint. */
    private static Map<String, Tensor> layer(Map<String, Tensor> golden, String key) {
        Map<String, Tensor> layer = new LinkedHashMap<>();
        golden.forEach((name, tensor) -> {
            if (!name.startsWith(key + "/")) return;
            String part = name.substring(key.length() + 1);
            if (part.equals("codes") || part.startsWith("dequant")) return;
            String stored = LEAF + (part.equals("W_q") ? "." : ".meta.") + part;
            layer.put(stored, new Tensor(stored, tensor.dtype(), tensor.shape(), tensor.data()));
        });
        return layer;
    }

    private static ObjectNode meta(JsonNode settings) {
        ObjectNode meta = JSON.createObjectNode();
        for (String field :
                List.of("nbits", "group_size", "shape", "scale.shape", "zero.shape", "axis", "packing", "method"))
            if (settings.has(field)) meta.set(field, settings.get(field));
        return meta.put("compute_dtype", "torch.bfloat16");
    }

    private static Map<String, Tensor> byName(List<Tensor> tensors) {
        Map<String, Tensor> byName = new LinkedHashMap<>();
        for (Tensor tensor : tensors) byName.put(tensor.name(), tensor);
        return byName;
    }
}
