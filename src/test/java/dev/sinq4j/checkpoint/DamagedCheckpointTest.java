package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.safetensors.SafetensorsFolder;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a checkpoint can contradict itself is told in full. */
class DamagedCheckpointTest {

    private static final String LEAF = "model.layers.0.self_attn.q_proj";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Path checkpoint = Path.of("");

    @BeforeEach
    void writeCheckpoint() {
        Path config = TinyModel.config(folder.resolve("model"));
        checkpoint = folder.resolve("checkpoint");
        Method sinq = Methods.of(MethodRequest.of("sinq", 4, 8));
        CheckpointExport.run(
                TinyModel.open(config),
                new ExportRequest(
                        config,
                        sinq,
                        LayerStream.of(Quantizers.of(sinq)),
                        ExportFormat.SINQ,
                        Optional.empty(),
                        1 << 30,
                        checkpoint,
                        false),
                (linear, layer) -> {});
    }

    static List<Arguments> sidecars() {
        String meta = "SIDECAR: layer '" + LEAF + "': meta: ";
        return List.of(
                arguments("nbits", "\"four\"", meta + "nbits: expected a whole number from 1 to 8, found \"four\""),
                arguments("nbits", "9", meta + "nbits: expected a whole number from 1 to 8, found 9"),
                arguments("nbits", "3", meta + "packing: expected '3bit_32', found '4bit_u8'"),
                arguments("packing", "\"4bit_u16\"", meta + "packing: expected '4bit_u8', found '4bit_u16'"),
                arguments("group_size", "0", meta + "group_size: expected a whole number of at least 1, found 0"),
                arguments("axis", "0", meta + "axis: expected 1, found 0"),
                arguments("shape", "[40]", meta + "shape: expected two sizes, rows and columns, found [40]"),
                arguments(
                        "shape",
                        "[40, 48]",
                        "SIDECAR: layer '" + LEAF
                                + "': meta: shape: expected [40, 40] as config.json makes it, found [40, 48]"),
                arguments(
                        "method",
                        "\"snq_quantAux\"",
                        meta + "method 'snq_quantAux': 'snq' is not a word of the reference's; known are asinq, awq,"
                                + " fp16aux, hqq, l1, nf3, nf4, nogemlite, noz, quantAux, rtn, sinq"),
                arguments(
                        "compute_dtype",
                        "\"float8\"",
                        meta + "compute_dtype: expected torch.bfloat16, torch.float16 or torch.float32, found float8"),
                arguments("awq_scale", "[1.5]", meta + "awq_scale: expected nothing, found [1.5]"),
                arguments("view_as_float", "true", meta + "view_as_float: expected false, found true"),
                arguments(
                        "method",
                        "\"sinq_nf3\"",
                        "FOLDER: layer '" + LEAF + "': method 'sinq_nf3' has 8 levels, but nbits is 4"),
                arguments(
                        "scale.shape",
                        "[100, 2]",
                        "FOLDER: layer '" + LEAF + "': scale.shape of the sidecar: expected [200, 1], found [100, 2]"));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("sidecars")
    void aWrongFieldOfTheSidecarIsNamed(String field, String value, String message) throws IOException {
        Path sidecar = checkpoint.resolve(Sidecar.FILE);
        ObjectNode root = (ObjectNode) JSON.readTree(sidecar.toFile());
        ObjectNode meta = (ObjectNode) root.get(LEAF).get("meta");
        JsonNode replacement = JSON.readTree(value);
        meta.set(field, replacement);
        Files.write(sidecar, JSON.writeValueAsBytes(root));
        assertRefused(message);
    }

    static List<Arguments> tensors() {
        String layer = "FOLDER: layer '" + LEAF + "': ";
        return List.of(
                arguments(
                        "W_q",
                        null,
                        layer + "tensor '" + LEAF
                                + ".W_q' is missing, though the sidecar says that the layer is quantized"),
                arguments(
                        "W_q",
                        new Replacement(DType.I8, List.of(100L, 8L)),
                        layer + LEAF + ".W_q: expected U8, found I8"),
                arguments(
                        "W_q",
                        new Replacement(DType.U8, List.of(101L, 8L)),
                        layer + LEAF + ".W_q: expected the shape [100, 8], found [101, 8]"),
                arguments(
                        "meta.scale.s",
                        null,
                        layer + "tensor '" + LEAF
                                + ".meta.scale.s' is missing, though the sidecar says that the layer is quantized"),
                arguments(
                        "meta.scale.m",
                        new Replacement(DType.F16, List.of(1L, 3L)),
                        layer + LEAF + ".meta.scale.m: expected 7 numbers, as many as .s, found 3"),
                arguments(
                        "meta.zero.x",
                        new Replacement(DType.U8, List.of(100L, 1L)),
                        layer + LEAF + ".meta.zero.x: expected the shape [200, 1], found [100, 1]"),
                arguments(
                        "meta.scale2",
                        new Replacement(DType.BF16, List.of(1L, 40L)),
                        layer + LEAF + ".meta.scale2: expected F16 or F32, found BF16"),
                arguments(
                        "bias",
                        null,
                        "FOLDER: tensor '" + LEAF + ".bias' is missing; config.json expects it in the shape [40]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tensors")
    void aWrongTensorIsNamed(String part, @Nullable Replacement replacement, String message) throws IOException {
        rewrite(tensors -> {
            if (replacement == null) tensors.remove(LEAF + "." + part);
            else tensors.put(LEAF + "." + part, replacement.tensor(LEAF + "." + part));
        });
        assertRefused(message);
    }

    /** Zeros of another type or shape. */
    record Replacement(DType dtype, List<Long> shape) {
        Tensor tensor(String name) {
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            return Numbers.tensor(name, dtype, shape, new byte[(int) elements * dtype.bytes()]);
        }
    }

    private void rewrite(Consumer<Map<String, Tensor>> change) throws IOException {
        Path changed = Files.createDirectory(folder.resolve("changed"));
        try (SafetensorsFolder old = SafetensorsFolder.open(checkpoint);
                ShardWriter writer = new ShardWriter(changed, 1 << 30, Map.of())) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(old.tensors());
            change.accept(tensors);
            tensors.values().forEach(writer::add);
            writer.finishSharded();
        }
        for (String file : new String[] {Sidecar.FILE, "config.json"})
            Files.copy(checkpoint.resolve(file), changed.resolve(file));
        checkpoint = changed;
    }

    private void assertRefused(String message) {
        String expected = message.replace(
                        "SIDECAR", checkpoint.resolve(Sidecar.FILE).toString())
                .replace("FOLDER", checkpoint.toString());
        UnavailableFailure failure = assertThrows(UnavailableFailure.class, this::readEverything);
        assertEquals(expected, failure.getMessage());
    }

    private void readEverything() {
        try (SinqCheckpoint read = SinqCheckpoint.open(checkpoint)) {
            for (Linear linear : read.architecture().linears()) read.weight(linear, Arena.global());
        }
    }
}
