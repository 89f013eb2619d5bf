package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.HubCache;
import dev.sinq4j.hub.ProgramCache;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.family.Families;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.Metrics.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is planned of a GPU's memory, without one. */
class DevicePlanTest {

    private static final DevicePlan WINDOW = new DevicePlan(HostPlan.ofWindow(2048));

    private static final Path MODEL = Path.of("experiments/quickstart/model");

    @TempDir
    Path folder;

    private static Architecture apertus() {
        return Families.read(Path.of("configs/shapes/apertus-8b.json"));
    }

    @Test
    void weightsOfEightBillionTakeTwoBytesOrTheirCodesAndScales() {
        Architecture apertus = apertus();
        assertEquals(
                2.0 * 8_053_338_176L,
                (double) WINDOW.needs(apertus, new Dense(), CalibrationNeeds.NONE)
                        .weights(),
                2e6);
        long quantized = 32L * (4096 * (4096 + 2 * 1024 + 4096) + 2 * 4096 * 21504);
        long others = 2L * 2 * 131_072 * 4096;
        // half a byte a code, and a scale and a zero of two bytes for each 64
        assertEquals(
                quantized * (0.5 + 4.0 / 64) + others,
                (double) WINDOW.needs(apertus, Methods.of(MethodRequest.of("sinq", 4, 64)), CalibrationNeeds.NONE)
                        .weights(),
                1e7);
    }

    @Test
    void whatQuantizesOnTheDeviceIsPlannedThere() {
        Architecture apertus = apertus();
        assertEquals(
                0, WINDOW.needs(apertus, new Dense(), CalibrationNeeds.NONE).quantizing());
        long largest = 4096L * 21504;
        long space = WINDOW.needs(apertus, Methods.of(MethodRequest.of("sinq", 4, 64)), CalibrationNeeds.NONE)
                .quantizing();
        // two bytes as stored, four as a tile, one a code
        assertTrue(space > 7 * largest && space < 8 * largest, () -> space + " for " + largest);
    }

    @Test
    void aCalibrationTextTakesItsHiddenStatesAndADenseLayer() {
        Method method = Methods.of(MethodRequest.of("asinq", 4, 64));
        DeviceNeeds plain = WINDOW.needs(apertus(), method, CalibrationNeeds.NONE);
        DeviceNeeds calibrated = WINDOW.needs(apertus(), method, new CalibrationNeeds(64, 128));
        assertEquals(0, plain.calibrating());
        long layer = 2L * (4096 * (4096 + 2 * 1024 + 4096) + 2 * 4096 * 21504);
        long states = 4L * 64 * 128 * (4096 + 128);
        long found = calibrated.calibrating();
        assertTrue(found > layer + states && found < layer + states + 100_000_000, () -> found + " bytes");
        // two bytes as stored, four as a tile, four of what a candidate changes
        long largest = 4096L * 21504;
        assertTrue(calibrated.quantizing() > 10 * largest, calibrated::toString);
        assertEquals(plain.weights(), calibrated.weights());
    }

    @Test
    void quantizingToAFileTakesOneMatrixAndWithACalibrationTextOneLayer() {
        Architecture apertus = apertus();
        Method sinq = Methods.of(MethodRequest.of("sinq", 4, 64));
        DeviceNeeds one = DevicePlan.toQuantize(apertus, sinq, CalibrationNeeds.NONE);
        assertEquals(WINDOW.needs(apertus, sinq, CalibrationNeeds.NONE).quantizing() + (512L << 20), one.bytes());
        Method asinq = Methods.of(MethodRequest.of("asinq", 4, 64));
        DeviceNeeds layer = DevicePlan.toQuantize(apertus, asinq, new CalibrationNeeds(64, 128));
        long ends = 2L * 2 * 131_072 * 4096;
        long packed = (4096L * (4096 + 2 * 1024 + 4096) + 2 * 4096 * 21504) * 9 / 16;
        assertEquals((double) (ends + packed), (double) layer.weights(), 1e6);
        assertTrue(layer.calibrating() > 0, layer::toString);
    }

    @Test
    void quantizingThatDoesNotFitOnTheDeviceIsRefused() {
        Method sinq = Methods.of(MethodRequest.of("sinq", 4, 64));
        var error = assertThrows(UnavailableFailure.class, () -> toQuantize(sinq, OptionalLong.of(1_000_000_000)));
        // 88 million numbers of 7 bytes, 24 more for each 64 of them, and 512 MiB
        assertEquals(
                "cuda: out of memory: quantizing m needs 1.19 GB, free 1.00 GB; free memory of the GPU, or quantize"
                        + " with --backend cpu",
                error.getMessage());
        toQuantize(sinq, OptionalLong.of(1_200_000_000));
        toQuantize(sinq, OptionalLong.empty());
    }

    private static void toQuantize(Method method, OptionalLong free) {
        MemoryCheck.requireToQuantize("quantizing m", apertus(), method, CalibrationNeeds.NONE, () -> free);
    }

    @Test
    void aMethodOfTheCpuNeedsNoDevice() {
        Supplier<OptionalLong> unasked = () -> {
            throw new AssertionError("nobody should ask");
        };
        for (Method method : List.of(new Dense(), Methods.of(MethodRequest.of("q4_0"))))
            MemoryCheck.requireToQuantize("m", apertus(), method, CalibrationNeeds.NONE, unasked);
    }

    @Test
    void theHostHoldsOneMatrixBesideADevice() {
        HostNeeds beside = WINDOW.work().besideDevice(apertus(), new Dense(), CalibrationNeeds.NONE, false);
        assertEquals(0, beside.weights());
        assertTrue(beside.bytes() < 500_000_000, beside::toString);
    }

    @Test
    void aDenseModelThatDoesNotFitOnTheDeviceIsReadLayerByLayer() {
        assertFalse(WINDOW.chosen(apertus(), new Dense(), CalibrationNeeds.NONE, 24_000_000_000L)
                .layerByLayer());
        DeviceNeeds needs = WINDOW.chosen(apertus(), new Dense(), CalibrationNeeds.NONE, 8_000_000_000L);
        assertTrue(needs.layerByLayer());
        assertTrue(needs.bytes() < 5_000_000_000L, needs::toString);
        DeviceNeeds quantized = WINDOW.chosen(
                apertus(), Methods.of(MethodRequest.of("sinq", 4, 64)), CalibrationNeeds.NONE, 1_000_000_000);
        assertFalse(quantized.layerByLayer());
    }

    private Plan plan(ExperimentConfig config, long deviceBytes) {
        HubCache cache = new HubCache(folder);
        return new Planner(
                        config,
                        new ModelLocator.Local(cache),
                        new Datasets((repo, revision, file, fetchArgument) -> {
                            throw new UnavailableFailure("not fetched");
                        }),
                        new Calibrations(ProgramCache.folder()),
                        Long.MAX_VALUE,
                        OptionalLong.of(deviceBytes))
                .plan(Cells.of(config));
    }

    @Test
    void aCellThatCannotFitOnTheDeviceIsRefusedWithWhatItNeedsAndWhatIsFree() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: sinq, bits: 4}]");
        Plan plan = plan(config, 100_000_000);
        long needs = Objects.requireNonNull(plan.cells().getFirst().deviceBytes());
        var error = assertThrows(UnavailableFailure.class, () -> MemoryCheck.require(plan, Cells.of(config), Set.of()));
        assertEquals(
                "cuda: out of memory: sinq 4 bits, group 64, 1d, int8 on experiments/quickstart/model needs %.2f GB, free 0.10 GB; take fewer bits, shorter windows, a model that fits, or --backend cpu"
                        .formatted(needs / 1e9),
                error.getMessage());
        assertEquals(Cells.of(config), MemoryCheck.tooLarge(plan, Cells.of(config)));
    }

    @Test
    void aCellThatFitsOnTheDeviceIsNotRefused() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: sinq, bits: 4}]");
        Plan plan = plan(config, 4_000_000_000L);
        assertEquals(List.of(), MemoryCheck.tooLarge(plan, Cells.of(config)));
        MemoryCheck.require(plan, Cells.of(config), Set.of());
    }

    @Test
    void aCommandsModelIsHeldAgainstTheDevice() {
        DeviceNeeds needs = new DeviceNeeds(3_000_000_000L, 0, 0, 0, 0, 0, 500_000_000, false);
        var error =
                assertThrows(UnavailableFailure.class, () -> MemoryCheck.requireOnDevice("m", needs, 2_000_000_000));
        assertTrue(
                error.getMessage().startsWith("cuda: out of memory: m needs 3.50 GB, free 2.00 GB; "),
                error::getMessage);
        MemoryCheck.requireOnDevice("m", needs, 3_500_000_000L);
    }

    @Test
    void aCellsResultSaysWhatWasPlannedOfTheDevice() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: none}, {method: rtn, bits: 3}]");
        Plan plan = plan(config, 4_000_000_000L);
        for (int i = 0; i < 2; i++) {
            // by what is free before the cell's weights are there
            Memory memory = memory(config, i, DeviceOfBytes.of(CpuBackend.create(2), 4_000_000_000L));
            assertEquals(plan.cells().get(i).deviceBytes(), memory.plannedDeviceBytes());
            assertEquals(plan.cells().get(i).hostBytes(), memory.plannedHostBytes());
            assertEquals(7, memory.peakDeviceBytes());
            assertNull(memory(config, i, CpuBackend.create(2)).plannedDeviceBytes());
        }
    }

    @Test
    void aCellThatIsReadLayerByLayerWasPlannedSo() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: none}]");
        DevicePlan plan = new DevicePlan(HostPlan.of(config.metrics()));
        try (ModelFiles model = ModelFiles.open(MODEL)) {
            DeviceNeeds streamed = plan.layerByLayer(model.architecture());
            assertTrue(streamed.bytes() < plan.stored(model).bytes());
            Memory memory = memory(config, 0, DeviceOfBytes.of(CpuBackend.create(2), streamed.bytes()));
            assertEquals(streamed.bytes(), memory.plannedDeviceBytes());
        }
    }

    /** What a cell is found to take; closes the backend. */
    private Memory memory(ExperimentConfig config, int cell, Backend backend) {
        LocatedModel located = new LocatedModel(MODEL.toString(), ModelFiles.open(MODEL), Optional.of(MODEL));
        Datasets datasets = new Datasets((repo, revision, file, fetchArgument) -> {
            throw new UnavailableFailure("not fetched");
        });
        try (backend;
                OpenModel model = new OpenModel(located, config, datasets, new Calibrations(folder))) {
            CellRunner runner =
                    new CellRunner(config, backend, Optional.empty(), () -> Long.MAX_VALUE, Progress.SILENT);
            return Objects.requireNonNull(
                    runner.run(Cells.of(config).get(cell), model).memory());
        }
    }

    @Test
    void aCommandPlansTheDeviceItComputesOn() {
        HostPlan plan = HostPlan.ofWindow(256);
        try (ModelFiles model = ModelFiles.open(MODEL);
                Backend cpu = CpuBackend.create(1);
                Backend gpu = DeviceOfBytes.of(CpuBackend.create(1), 1)) {
            assertEquals(new CellNeeds(plan.stored(model), null), CellNeeds.stored(plan, model, cpu));
            CellNeeds onDevice = CellNeeds.stored(plan, model, gpu);
            assertEquals(new DevicePlan(plan).stored(model).bytes(), onDevice.deviceBytes());
            assertEquals(0, onDevice.host().weights());
        }
    }

    @Test
    void theCpuHasNoDeviceMemory() {
        try (Backend cpu = CpuBackend.create(1)) {
            assertEquals(OptionalLong.empty(), cpu.freeDeviceBytes());
        }
    }
}
