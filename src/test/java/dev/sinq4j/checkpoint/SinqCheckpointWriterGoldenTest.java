package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.data.CalibrationSet;
import dev.sinq4j.data.ReferencePrompts;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Calibration;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.experiment.CalibratedLayers;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.safetensors.SafetensorsFolder;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.Tokenizer;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The same models quantized and written by us, compared with what the reference wrote. */
class SinqCheckpointWriterGoldenTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicNode> ourFilesAreTheReferencesFiles() throws IOException {
        return GoldenCheckpoint.tests(this::check);
    }

    private void check(GoldenCheckpoint golden) throws IOException {
        Method method = method(golden);
        Assumptions.assumeTrue(
                !method.needsCalibration() || Boolean.getBoolean("sinq4j.long"),
                "calibration takes long: run with -Dsinq4j.long=true");
        assertEquals(golden.text("reference_method"), ReferenceMethod.of(method).text());
        Path out = folder.resolve(String.valueOf(golden.path().getFileName()));
        try (ModelFiles model = ModelFiles.open(golden.model())) {
            CheckpointExport.run(model, request(golden, method, out), (linear, layer) -> {});
        }
        assertEquals(json(golden.checkpoint(), Sidecar.FILE), json(out, Sidecar.FILE), "sidecar");
        assertEquals(json(golden.checkpoint(), ShardWriter.INDEX), json(out, ShardWriter.INDEX), "index");
        TensorDifference difference = compareTensors(golden, out);
        if (method.needsCalibration()) difference.assertFairWithOtherActivations();
        else difference.assertFair();
        if (difference.differing() == 0) compareBytes(golden.checkpoint(), out);
    }

    private static ExportRequest request(GoldenCheckpoint golden, Method method, Path out) throws IOException {
        DType type = golden.text("compute_dtype").equals("bfloat16") ? DType.BF16 : DType.F16;
        return new ExportRequest(
                golden.model().resolve("config.json"),
                method,
                method.needsCalibration() ? calibrated(golden, method) : LayerStream.of(Quantizers.of(method)),
                ExportFormat.SINQ,
                Optional.of(type),
                maxShardBytes(golden),
                out,
                false);
    }

    /** The reference calibrates on its five prompts. */
    private static LayerStream calibrated(GoldenCheckpoint golden, Method method) {
        Tokenizer tokenizer = Tokenizer.open(golden.model());
        List<int[]> blocks = new ReferencePrompts(Shared.path("data/calibration/sinq-reference-prompts.json"))
                .load()
                .cut(tokenizer::encode, CalibrationSet.BLOCK_TOKENS);
        return (source, finished) -> {
            try (Backend backend = CpuBackend.create(0)) {
                CalibratedLayers.of(new Calibration(blocks, false), backend.quantizer(method), backend)
                        .forEach(source, finished);
            }
        };
    }

    private static Method method(GoldenCheckpoint golden) {
        return Methods.of(new MethodRequest(
                golden.text("method").replace('_', '-'),
                golden.number("nbits"),
                golden.number("group_size"),
                null,
                null,
                Map.of(MethodOption.REFERENCE_EXACT, true)));
    }

    /** The limit that cuts where the reference cut: no shard was larger than the largest. */
    private static long maxShardBytes(GoldenCheckpoint golden) throws IOException {
        try (SafetensorsFolder tensors = SafetensorsFolder.open(golden.checkpoint())) {
            JsonNode shards = json(golden.checkpoint(), ShardWriter.INDEX).get("weight_map");
            Map<String, Long> bytes = new TreeMap<>();
            tensors.tensors()
                    .forEach((name, tensor) ->
                            bytes.merge(shards.get(name).asText(), tensor.data().byteSize(), Long::sum));
            return bytes.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        }
    }

    private static TensorDifference compareTensors(GoldenCheckpoint golden, Path out) {
        TensorDifference difference = new TensorDifference();
        try (SafetensorsFolder expected = SafetensorsFolder.open(golden.checkpoint());
                SafetensorsFolder actual = SafetensorsFolder.open(out)) {
            assertEquals(new TreeSet<>(expected.names()), new TreeSet<>(actual.names()));
            for (Tensor tensor : expected.tensors().values()) difference.add(tensor, actual.tensor(tensor.name()));
        }
        compareLayers(golden, out, difference);
        System.out.printf("golden %s: %s%n", golden.path().getFileName(), difference);
        return difference;
    }

    private static void compareLayers(GoldenCheckpoint golden, Path out, TensorDifference difference) {
        try (ModelFiles model = ModelFiles.open(golden.model());
                SinqCheckpoint expected = SinqCheckpoint.open(golden.checkpoint());
                SinqCheckpoint actual = SinqCheckpoint.open(out);
                Arena arena = Arena.ofConfined()) {
            for (Linear linear : model.architecture().linears())
                difference.addLayer(
                        ((DenseWeight) model.weight(linear, arena)).tensor(),
                        (PackedWeight) expected.weight(linear, arena),
                        (PackedWeight) actual.weight(linear, arena));
        }
    }

    /** Shards, index and sidecar, blanks and all. */
    private static void compareBytes(Path expected, Path actual) throws IOException {
        int compared = 0;
        try (Stream<Path> files = Files.list(expected)) {
            for (Path file : files.filter(path -> path.toString().contains("safetensors"))
                    .toList()) {
                Path ours = actual.resolve(file.getFileName());
                assertEquals(-1, Files.mismatch(file, ours), file.getFileName() + ": first byte that differs");
                compared++;
            }
        }
        assertTrue(compared > 2, "a checkpoint has at least a shard, an index and a sidecar");
    }

    private static JsonNode json(Path folder, String file) throws IOException {
        return JSON.readTree(folder.resolve(file).toFile());
    }
}
