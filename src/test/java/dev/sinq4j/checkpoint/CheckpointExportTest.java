package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.quant.Dequantizer;
import dev.sinq4j.quant.Dequantizer.Order;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.safetensors.SafetensorsFolder;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointExportTest {

    private static final Method SINQ = Methods.of(MethodRequest.of("sinq", 3, 32));
    private static final Method NONE = Methods.of(MethodRequest.of("none"));

    @TempDir
    private Path folder;

    private Path config = Path.of("");
    private Path out = Path.of("");

    @BeforeEach
    void writeConfiguration() {
        config = TinyModel.config(folder.resolve("model"));
        out = folder.resolve("out");
    }

    @Test
    void aWrittenCheckpointIsReadBackBitForBit() {
        Map<String, PackedWeight> written = new HashMap<>();
        ExportResult result = CheckpointExport.run(
                TinyModel.open(config),
                request(SINQ, ExportFormat.SINQ, 4096, false),
                (linear, layer) -> written.put(linear.tensor(), (PackedWeight) layer.weight()));
        try (SinqCheckpoint read = SinqCheckpoint.open(out);
                ModelSource model = TinyModel.open(config);
                Arena arena = Arena.ofShared()) {
            for (Linear linear : read.architecture().linears())
                CheckpointAssertions.assertSameWeight(
                        written.get(linear.tensor()), (PackedWeight) read.weight(linear, arena));
            for (Parameter parameter : read.architecture().parameters())
                CheckpointAssertions.assertSameTensor(model.tensor(parameter, arena), read.tensor(parameter, arena));
            assertEquals(14, read.quantizedLayers());
            assertEquals(Optional.of("sinq_quantAux, 3 bit, group 32"), read.settings());
            long stored = written.values().stream()
                    .mapToLong(PackedWeight::storedBytes)
                    .sum();
            assertEquals(8.0 * stored / read.architecture().quantizableCount(), result.bitsPerWeight());
            assertEquals(read.architecture().parameterCount(), result.parameters());
        }
    }

    @Test
    void shardsEndBeforeTheTensorThatWouldPassTheLimit() throws IOException {
        export(SINQ, ExportFormat.SINQ, 4096, false);
        try (SafetensorsFolder shards = SafetensorsFolder.open(out);
                Stream<Path> files = Files.list(out)) {
            long count = files.filter(path -> path.toString().endsWith(".safetensors"))
                    .count();
            assertTrue(count > 5, () -> "the model takes more than five shards of 4096 bytes, found " + count);
            assertTrue(shards.has("model.rotary_emb.inv_freq"));
            assertFalse(shards.has("lm_head.weight"), "a tied head is not stored");
        }
        assertEquals("{}", Files.readString(out.resolve("tokenizer.json")));
        assertEquals(Files.readString(config), Files.readString(out.resolve("config.json")));
    }

    @Test
    void aDenseCopyOfAQuantizedModelHoldsTheNumbersTheReferenceWouldCompute() {
        Map<String, PackedWeight> written = new HashMap<>();
        CheckpointExport.run(
                TinyModel.open(config),
                request(SINQ, ExportFormat.DENSE, 1 << 30, false),
                (linear, layer) -> written.put(linear.tensor(), (PackedWeight) layer.weight()));
        assertTrue(Files.exists(out.resolve("model.safetensors")), "one shard has no index");
        try (ModelFiles dense = ModelFiles.open(out)) {
            for (Linear linear : dense.architecture().linears()) {
                Tensor tensor = ((DenseWeight) dense.weight(linear, Arena.global())).tensor();
                float[] expected = new Dequantizer(written.get(linear.tensor()), Order.REFERENCE_BF16).matrix();
                assertArrayEquals(expected, tensor.floats(), linear.tensor());
            }
        }
    }

    @Test
    void theModelAsItIsCanBeWritten() {
        export(NONE, ExportFormat.DENSE, 10_000, false);
        try (ModelFiles dense = ModelFiles.open(out);
                ModelSource model = TinyModel.open(config);
                Arena arena = Arena.ofShared()) {
            for (Linear linear : dense.architecture().linears())
                CheckpointAssertions.assertSameTensor(
                        ((DenseWeight) model.weight(linear, arena)).tensor(),
                        ((DenseWeight) dense.weight(linear, arena)).tensor());
        }
    }

    @Test
    void aCheckpointCanBeTurnedIntoADenseModel() {
        export(SINQ, ExportFormat.SINQ, 1 << 30, false);
        Path copy = folder.resolve("copy");
        try (SinqCheckpoint checkpoint = SinqCheckpoint.open(out)) {
            CheckpointExport.run(
                    checkpoint,
                    new ExportRequest(
                            out.resolve("config.json"),
                            NONE,
                            LayerStream.stored(),
                            ExportFormat.DENSE,
                            Optional.empty(),
                            1 << 30,
                            copy,
                            false),
                    (linear, layer) -> {});
        }
        try (ModelFiles dense = ModelFiles.open(copy)) {
            assertEquals(2, dense.architecture().layers().size());
        }
    }

    @Test
    void aQuantizedModelIsNotQuantizedAgain() {
        export(SINQ, ExportFormat.SINQ, 1 << 30, false);
        try (SinqCheckpoint checkpoint = SinqCheckpoint.open(out)) {
            ExportRequest request = new ExportRequest(
                    config,
                    SINQ,
                    LayerStream.of(Quantizers.of(SINQ)),
                    ExportFormat.SINQ,
                    Optional.empty(),
                    1 << 30,
                    folder.resolve("again"),
                    false);
            UsageFailure failure = assertThrows(
                    UsageFailure.class, () -> CheckpointExport.run(checkpoint, request, (linear, layer) -> {}));
            assertEquals(
                    out + ": model.layers.0.self_attn.q_proj.weight is quantized already; quantize the dense model, or"
                            + " write --method none --format dense",
                    failure.getMessage());
        }
    }

    @Test
    void aModelThatIsThereIsReplacedOnlyWhenToldTo() throws IOException {
        export(SINQ, ExportFormat.SINQ, 1 << 30, false);
        Files.writeString(out.resolve("mine.txt"), "old");
        UsageFailure failure = assertThrows(UsageFailure.class, () -> export(SINQ, ExportFormat.SINQ, 1 << 30, false));
        assertEquals(out + " is there already; pass --force to replace it", failure.getMessage());
        export(SINQ, ExportFormat.SINQ, 1 << 30, true);
        assertFalse(Files.exists(out.resolve("mine.txt")));
        assertEquals(List.of("model", "out"), names(folder));
    }

    @Test
    void aFolderThatIsNoModelIsNeverReplaced() throws IOException {
        Files.writeString(Files.createDirectories(out).resolve("thesis.tex"), "ten years");
        UsageFailure failure = assertThrows(UsageFailure.class, () -> export(SINQ, ExportFormat.SINQ, 1 << 30, true));
        assertEquals(
                out + " is there and is no model (it has no config.json), so it is not replaced; choose another --out",
                failure.getMessage());
        assertTrue(Files.exists(out.resolve("thesis.tex")));
    }

    @Test
    void anExportThatFailsHalfwayLeavesNothingBehind() throws IOException {
        Quantizer quantizer = Quantizers.of(SINQ);
        int[] calls = new int[1];
        Quantizer failing = (weight, inputs) -> {
            if (++calls[0] == 9) throw new UnavailableFailure("the ninth layer is damaged");
            return quantizer.quantize(weight, inputs);
        };
        ExportRequest request = new ExportRequest(
                config, SINQ, LayerStream.of(failing), ExportFormat.SINQ, Optional.empty(), 4096, out, false);
        assertThrows(
                UnavailableFailure.class,
                () -> CheckpointExport.run(TinyModel.open(config), request, (linear, layer) -> {}));
        assertEquals(List.of("model"), names(folder));
    }

    @Test
    void whatAKilledProcessLeftIsRemoved() throws IOException {
        Path left = Files.createDirectories(folder.resolve(".out.999999999-1f.tmp"));
        Files.writeString(left.resolve("spill.tmp"), "half a shard");
        export(SINQ, ExportFormat.SINQ, 1 << 30, false);
        assertEquals(List.of("model", "out"), names(folder));
    }

    @Test
    void nothingStartsOnADiskThatIsTooSmall() {
        UnavailableFailure failure =
                assertThrows(UnavailableFailure.class, () -> OutputFolder.create(out, false, Long.MAX_VALUE));
        assertTrue(
                failure.getMessage().startsWith(folder + ": about 9223372036855 MB are needed, "),
                failure.getMessage());
    }

    @Test
    void theFormatSinqNeedsAMethodThatQuantizes() {
        UsageFailure failure = assertThrows(UsageFailure.class, () -> export(NONE, ExportFormat.SINQ, 1 << 30, false));
        assertEquals(
                "method none quantizes nothing, so there is no checkpoint in the format sinq; write --format dense, or"
                        + " name another method",
                failure.getMessage());
    }

    @Test
    void aGateThatRoundsLayersInTwoWaysDoesNotFitTheFormat() {
        Method gated =
                Methods.of(new MethodRequest("sinq-nf4", 4, 32, null, null, Map.of(MethodOption.KURTOSIS_GATE, 5.0)));
        UsageFailure failure = assertThrows(UsageFailure.class, () -> export(gated, ExportFormat.SINQ, 1 << 30, false));
        assertEquals(
                "method sinq-nf4 with a kurtosis gate rounds layers in two ways, which the format sinq cannot say;"
                        + " write --format dense, or leave the gate out",
                failure.getMessage());
        assertFalse(Files.exists(out));
    }

    @Test
    void weightsRoundedToBlocksKeepTheirNumbersAndTheBytesOfTheirBlocks() {
        Map<String, DenseWeight> written = new HashMap<>();
        CheckpointExport.run(
                TinyModel.open(config),
                request(Methods.of(MethodRequest.of("q8_0")), ExportFormat.SINQ, 1 << 30, false),
                (linear, layer) -> written.put(linear.tensor(), (DenseWeight) layer.weight()));
        try (SinqCheckpoint read = SinqCheckpoint.open(out);
                Arena arena = Arena.ofShared()) {
            for (Linear linear : read.architecture().linears()) {
                DenseWeight expected = written.get(linear.tensor());
                DenseWeight found = (DenseWeight) read.weight(linear, arena);
                assertEquals(expected.storedBytes(), found.storedBytes());
                CheckpointAssertions.assertSameTensor(expected.tensor(), found.tensor());
            }
        }
    }

    @Test
    void everyLayerIsReportedOnce() {
        List<String> reported = new ArrayList<>();
        CheckpointExport.run(
                TinyModel.open(config),
                request(SINQ, ExportFormat.SINQ, 1 << 30, false),
                (linear, layer) -> reported.add(linear.id().toString()));
        assertEquals(
                List.of(
                        "layer 0 q",
                        "layer 0 k",
                        "layer 0 v",
                        "layer 0 o",
                        "layer 0 gate",
                        "layer 0 up",
                        "layer 0 down",
                        "layer 1 q",
                        "layer 1 k",
                        "layer 1 v",
                        "layer 1 o",
                        "layer 1 gate",
                        "layer 1 up",
                        "layer 1 down"),
                reported);
    }

    private ExportResult export(Method method, ExportFormat format, long maxShardBytes, boolean replace) {
        return CheckpointExport.run(
                TinyModel.open(config), request(method, format, maxShardBytes, replace), (linear, layer) -> {});
    }

    private ExportRequest request(Method method, ExportFormat format, long maxShardBytes, boolean replace) {
        return new ExportRequest(
                config,
                method,
                LayerStream.of(Quantizers.of(method)),
                format,
                Optional.empty(),
                maxShardBytes,
                out,
                replace);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
