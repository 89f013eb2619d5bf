package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.Quickstart.Recorder;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.HubCache;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.family.Families;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryCheckTest {

    private static final HostPlan WINDOW = HostPlan.ofWindow(2048);

    @TempDir
    Path folder;

    @Test
    void aCellThatCannotFitIsRefusedByNameWithWhatItNeedsAndWhatToDo() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: sinq, bits: 4}]");
        Plan plan = small(plan(config));
        String message = assertThrows(
                        UnavailableFailure.class, () -> MemoryCheck.require(plan, Cells.of(config), Set.of()))
                .getMessage();
        assertTrue(
                message.startsWith("memory: 0.10 GB may be used, but sinq 4 bits, group 64, 1d, int8 on"
                        + " experiments/quickstart/model needs 0.4"),
                message);
        assertTrue(message.contains("SINQ4J_MEMORY"), message);
    }

    @Test
    void aCellThatHasItsResultIsNotRefusedUnlessSomethingOfItsKeyChanged() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: sinq, bits: 4}]");
        Path results = folder.resolve("out");
        assertEquals(Set.of(), Quickstart.experiment(config).finished(Cells.of(config), results));
        Quickstart.run(config, results, new Recorder());
        Set<Cell> finished = Quickstart.experiment(config).finished(Cells.of(config), results);
        assertDoesNotThrow(() -> MemoryCheck.require(small(plan(config)), Cells.of(config), finished));

        ExperimentConfig anotherTiling = Quickstart.config(folder, "[{method: sinq, bits: 4, tiling: 2d}]");
        assertEquals(Set.of(), Quickstart.experiment(anotherTiling).finished(Cells.of(anotherTiling), results));
    }

    @Test
    void whatACalibrationTextTakesIsPlanned() {
        Architecture apertus = Families.read(Path.of("configs/shapes/apertus-8b.json"));
        CalibrationNeeds text = new CalibrationNeeds(16, 128);
        long rounded = text.bytes(apertus, Methods.of(MethodRequest.of("asinq", 4, 64)));
        // 2048 tokens: hidden and angles; a layer in bf16; inputs of qkv, o, up, down and the widest twice more; fp32;
        // 96 MiB
        assertEquals(
                4L * 2048 * (4096 + 128)
                        + 2L * (4096 * (4096 + 2 * 1024 + 4096) + 2 * 4096 * 21504)
                        + 4L * 2048 * (3 * 4096 + 3 * 21504)
                        + (96L << 20),
                rounded);
        long gptq = text.bytes(apertus, Methods.of(MethodRequest.of("gptq", 4, 64)));
        // the Hessian and two more like it, fp64, instead of the copies
        assertEquals(rounded - 2 * 4L * 2048 * 21504 + 3L * 8 * 21504 * 21504, gptq);
        assertEquals(0, CalibrationNeeds.NONE.bytes(apertus, new Dense()));
    }

    @Test
    void eightBillionWeightsFitInFourBitsWhereTheDenseModelIsReadLayerByLayer() {
        Architecture apertus = Families.read(Path.of("configs/shapes/apertus-8b.json"));
        long usable = 8_000_000_000L;
        HostNeeds dense = WINDOW.chosen(apertus, new Dense(), usable);
        assertTrue(dense.layerByLayer());
        assertTrue(dense.bytes() < 4_000_000_000L, dense.toString());
        HostNeeds quantized = WINDOW.chosen(apertus, Methods.of(MethodRequest.of("sinq", 4, 64)), usable);
        assertTrue(quantized.bytes() < usable, quantized.toString());
        assertEquals(
                16_106_676_992.0,
                (double) WINDOW.chosen(apertus, new Dense(), Long.MAX_VALUE).weights(),
                2e6);
    }

    @Test
    void everySequenceOfABatchHasItsCacheAndItsPromptInThePlan() {
        Architecture apertus = Families.read(Path.of("configs/shapes/apertus-8b.json"));
        HostNeeds one = new HostPlan(0, 640, 512, 1, null).chosen(apertus, new Dense(), Long.MAX_VALUE);
        HostNeeds four = new HostPlan(0, 640, 512, 4, null).chosen(apertus, new Dense(), Long.MAX_VALUE);
        // 32 layers, keys and values, 8 heads of 128 numbers of 4 bytes
        assertEquals(640L * 32 * 2 * 8 * 128 * 4, one.cache());
        assertEquals(4 * one.cache(), four.cache());
        assertTrue(four.activations() > one.activations(), four.toString());
        assertEquals(one.weights(), four.weights());
    }

    private Plan plan(ExperimentConfig config) {
        return Experiment.plan(config, Cells.of(config), new HubCache(folder));
    }

    private static Plan small(Plan plan) {
        return new Plan(plan.experiment(), plan.models(), plan.cells(), List.of(), List.of(), 100_000_000, null);
    }
}
