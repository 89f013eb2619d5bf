package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.checkpoint.CheckpointExport;
import dev.sinq4j.checkpoint.ExportFormat;
import dev.sinq4j.checkpoint.ExportRequest;
import dev.sinq4j.checkpoint.GgufExport;
import dev.sinq4j.checkpoint.LayerStream;
import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.ExperimentRunner.Outcome;
import dev.sinq4j.experiment.Plan.PlannedCell;
import dev.sinq4j.experiment.Quickstart.Recorder;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.gguf.GgufFileType;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.Metrics.Layer;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.results.ResultsStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {

    private static final Path MODEL = Path.of("experiments/quickstart/model");

    @TempDir
    Path folder;

    @Test
    void aFinishedCellIsNeverComputedAgain() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: none}, {method: sinq, bits: 3}]");
        assertEquals(new Outcome(2, 0, 0), Quickstart.run(config, folder.resolve("out"), new Recorder()));
        Recorder again = new Recorder();
        assertEquals(new Outcome(0, 2, 0), Quickstart.run(config, folder.resolve("out"), again));
        assertEquals(List.of("none", "sinq 3 bits, group 64, 1d, int8"), again.kept);
        assertEquals(2, Files.readAllLines(folder.resolve("out/results.jsonl")).size());
    }

    @Test
    void addingAMethodComputesThatMethodAlone() throws IOException {
        ExperimentConfig one = Quickstart.config(folder, "[{method: rtn, bits: 4}]");
        Quickstart.run(one, folder.resolve("out"), new Recorder());
        ExperimentConfig two = Quickstart.config(folder, "[{method: rtn, bits: [4, 3]}]");
        assertEquals(new Outcome(1, 1, 0), Quickstart.run(two, folder.resolve("out"), new Recorder()));
    }

    @Test
    void aResultCarriesItsProtocolItsSizesAndItsProvenance() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: sinq, bits: 4}]");
        Recorder recorder = new Recorder();
        Quickstart.run(config, folder.resolve("out"), recorder);
        CellResult result = recorder.stored.getFirst();
        assertEquals("once", result.metrics().perplexity().get("stories").bos());
        assertEquals(75_920, result.metrics().perplexity().get("stories").tokens());
        assertEquals(510, result.metrics().perplexity().get("stories").scored());
        // codes, 8-bit scales and zeros, column scales of the golden checkpoint: 4.336 bits
        assertEquals(4.336, result.metrics().memory().bitsPerWeight(), 5e-4);
        assertEquals(24, result.metrics().quantization().perLayer().size());
        assertEquals(2, result.provenance().modelSha256().size());
        assertNotNull(result.provenance().datasetSha256().get("stories"));
        assertTrue(Files.exists(folder.resolve("out/experiment.yaml")));
    }

    @Test
    void preSinqIsACellOfItsOwnWhichItsResultNames() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: none}, {method: none, presinq: {}}]");
        Recorder recorder = new Recorder();
        assertEquals(new Outcome(2, 0, 0), Quickstart.run(config, folder.resolve("out"), recorder));
        CellResult dense = recorder.stored.get(0);
        CellResult changed = recorder.stored.get(1);
        assertEquals(Map.of("presinq", "64x16x1"), changed.options());
        double before = dense.metrics().perplexity().get("stories").value();
        double after = changed.metrics().perplexity().get("stories").value();
        assertNotEquals(before, after); // another rounding of the same model to 16 bits
        assertEquals(before, after, 0.01 * before);
    }

    @Test
    void aCellThatFailsIsStoredAndTheOthersGoOn() throws IOException {
        Path tooShort = Files.writeString(folder.resolve("short.txt"), "Once.");
        ExperimentConfig config = Quickstart.config(
                folder, "[{method: asinq, bits: 3, calibration: {text: " + tooShort + "}}, {method: rtn, bits: 3}]");
        Recorder recorder = new Recorder();
        assertEquals(new Outcome(1, 0, 1), Quickstart.run(config, folder.resolve("out"), recorder));
        CellResult failed = recorder.stored.getFirst();
        assertEquals(Status.FAILED, failed.status());
        assertTrue(failed.error().startsWith("calibration text 'short.txt' has"), failed.error());
        Recorder again = new Recorder();
        assertEquals(new Outcome(0, 1, 1), Quickstart.run(config, folder.resolve("out"), again));
        assertEquals(2, ResultsStore.read(folder.resolve("out")).cells().size());
    }

    @Test
    void cellsThatShareModelAndMethodFindTheirLayersAndSaySo() throws IOException {
        Optional<QuantizedLayerCache> cache = Optional.of(new QuantizedLayerCache(folder.resolve("cache"), 1L << 30));
        ExperimentConfig config = Quickstart.config(
                folder, "[{method: sinq, bits: 3}, {method: asinq, bits: 3, calibration: {blocks: 4}}]");
        Recorder first = new Recorder();
        Quickstart.run(config, folder.resolve("first"), cache, first);
        Recorder second = new Recorder();
        Quickstart.run(config, folder.resolve("second"), cache, second);
        for (int cell = 0; cell < 2; cell++) {
            Metrics computed = first.stored.get(cell).metrics();
            Metrics found = second.stored.get(cell).metrics();
            assertNull(computed.quantization().cachedLayers());
            assertEquals(24, found.quantization().cachedLayers());
            assertTrue(found.quantization().loadingSeconds() > 0);
            // what was computed once keeps its time and its figures
            assertEquals(
                    computed.quantization().perLayer().stream()
                            .map(Layer::seconds)
                            .toList(),
                    found.quantization().perLayer().stream().map(Layer::seconds).toList());
            assertEquals(
                    computed.quantization().weightMse(), found.quantization().weightMse());
            assertEquals(computed.perplexity(), found.perplexity());
        }
    }

    @Test
    void whatIsPlannedIsWhatIsThenStored() throws IOException {
        ExperimentConfig config = Quickstart.config(
                folder,
                "[{method: none}, {method: rtn, bits: [2, 3]}, {method: hqq, bits: 4}, {method: sinq, bits: 5}]");
        Plan plan = plan(config);
        Recorder recorder = new Recorder();
        Quickstart.run(config, folder.resolve("out"), recorder);
        for (int i = 0; i < recorder.stored.size(); i++) {
            var memory = recorder.stored.get(i).metrics().memory();
            assertEquals(memory.bitsPerWeight(), plan.cells().get(i).bitsPerWeight(), 1e-9);
            assertEquals(memory.weightBytes(), plan.cells().get(i).weightBytes());
        }
    }

    @Test
    void aModelThatIsQuantizedAlreadyIsPlannedAsItIsStored() throws IOException {
        Path quantized = folder.resolve("quantized");
        Method sinq = Methods.of(MethodRequest.of("sinq", 4, 64));
        ExportRequest request = new ExportRequest(
                MODEL.resolve("config.json"),
                sinq,
                LayerStream.of(Quantizers.of(sinq)),
                ExportFormat.SINQ,
                Optional.empty(),
                ExportRequest.MAX_SHARD_BYTES,
                quantized,
                false);
        try (ModelFiles model = ModelFiles.open(MODEL)) {
            CheckpointExport.run(model, request, (linear, layer) -> {});
        }
        assertEquals(4.336, assertPlannedAsMeasured(quantized).bitsPerWeight(), 1e-3);
    }

    @Test
    void aGgufFileIsPlannedFromItsOwnHeader() throws IOException {
        Path file = folder.resolve("model.gguf");
        try (ModelFiles model = ModelFiles.open(MODEL)) {
            new GgufExport(MODEL.resolve("config.json"), LayerStream.stored(), GgufFileType.Q8_0, file, false)
                    .run(model, (linear, layer) -> {});
        }
        // its blocks are widened to bf16; of what is no matrix a few numbers stay fp32, which the plan leaves out
        assertEquals(16, assertPlannedAsMeasured(file).bitsPerWeight());
    }

    @Test
    void aDamagedModelIsPlannedByItsShapesAndNamedWhenItIsUsed() throws IOException {
        Path damaged = Files.createDirectories(folder.resolve("damaged"));
        Files.copy(MODEL.resolve("config.json"), damaged.resolve("config.json"));
        Files.write(damaged.resolve("model.safetensors"), new byte[100]);
        ExperimentConfig config = config(damaged);
        PlannedCell planned = plan(config).cells().getFirst();
        assertEquals(16, planned.bitsPerWeight());
        assertEquals(3_936_160, planned.weightBytes());
        var error = assertThrows(
                UnavailableFailure.class, () -> Quickstart.run(config, folder.resolve("out"), new Recorder()));
        assertTrue(error.getMessage().startsWith("model.safetensors: "), error.getMessage());
    }

    /** Holds the plan of a model as it is against what running it stores. */
    private PlannedCell assertPlannedAsMeasured(Path model) throws IOException {
        ExperimentConfig config = config(model);
        PlannedCell planned = plan(config).cells().getFirst();
        Recorder recorder = new Recorder();
        Quickstart.run(config, folder.resolve("out"), recorder);
        var memory = recorder.stored.getFirst().metrics().memory();
        assertEquals(memory.bitsPerWeight(), planned.bitsPerWeight(), 1e-9);
        long difference = Math.abs(memory.weightBytes() - planned.weightBytes());
        assertTrue(difference <= 32, () -> difference + " bytes");
        assertEquals(memory.plannedHostBytes(), planned.hostBytes());
        return planned;
    }

    private ExperimentConfig config(Path model) throws IOException {
        return Quickstart.config(
                folder, "[{method: none}]", Quickstart.HEAD.replace(MODEL.toString(), model.toString()));
    }

    private Plan plan(ExperimentConfig config) {
        return Experiment.plan(config, Cells.of(config), new dev.sinq4j.hub.HubCache(folder));
    }

    @Test
    void theBeginningTokenStandsWhereTheConfigurationWantsIt() throws IOException {
        assertEquals("once", perplexity("auto").bos());
        for (String bos : List.of("none", "window")) {
            Perplexity measured = perplexity(bos);
            assertEquals(bos, measured.bos());
            assertEquals(75_919, measured.tokens()); // one fewer: the tokenizer's own is not in front of the text
        }
    }

    private Perplexity perplexity(String bos) throws IOException {
        Recorder recorder = new Recorder();
        ExperimentConfig config = Quickstart.config(
                folder,
                "[{method: none}]",
                Quickstart.HEAD.replace("windows: 2}", "windows: 2, stride: 128, bos: " + bos + "}"));
        Quickstart.run(config, folder.resolve(bos), recorder);
        Perplexity measured = recorder.stored.getFirst().metrics().perplexity().get("stories");
        assertEquals(128, measured.stride());
        assertEquals(255 + 128, measured.scored());
        return measured;
    }

    @Test
    void aPlanNamesTheDivergenceAndSaysHowSmallADifferenceItCanShow() throws IOException {
        ExperimentConfig config = Quickstart.config(
                folder,
                "[{method: none}]",
                Quickstart.HEAD.replace("windows: 2}", "windows: 9}")
                        + "  divergence: {dataset: {name: stories, text: experiments/quickstart/stories.txt}, window:"
                        + " 64, windows: 3}\n");
        Plan plan = plan(config);
        assertEquals(
                List.of("perplexity", "divergence"),
                plan.texts().stream().map(Plan.PlannedText::use).toList());
        assertEquals(0.028016, plan.texts().getFirst().smallestDifference(), 1e-6); // 2.80159 x 0.03 / sqrt(9)
        assertEquals(3, plan.texts().getLast().windows());
    }
}
