package dev.sinq4j.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.tokenizer.Tokenizer;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The gate at work: a real quantizer with a defect, on the quickstart's model and text. */
class BrokenQuantizerTest {

    private static final Path QUICKSTART = Path.of("experiments/quickstart");
    private static final int WINDOW = 128;
    private static final int WINDOWS = 4;

    private static final Quantizer SOUND = Quantizers.of(Methods.of(MethodRequest.of("rtn", 4, 64)));

    /** The kind of slip a refactoring makes: zeros off by half a code. */
    private static final Quantizer BROKEN = (weight, inputs) -> {
        Quantized sound = SOUND.quantize(weight, inputs);
        PackedWeight packed = (PackedWeight) sound.weight();
        float[] zeros = packed.zero().values().clone();
        for (int i = 0; i < zeros.length; i++) zeros[i] += 0.5f;
        PackedWeight shifted = new PackedWeight(
                packed.rows(),
                packed.columns(),
                packed.group(),
                packed.grid(),
                packed.codes(),
                packed.scale(),
                new Auxiliary.Single(zeros),
                packed.columnScale(),
                packed.inputTransform());
        return new Quantized(shifted, sound.warnings(), sound.notes());
    };

    @Test
    void aQuantizerWithWrongZerosTripsTheGate() throws Exception {
        CellResult baseline = measured(SOUND);
        Tolerances tolerances = Tolerances.load(Path.of("configs/tolerances/ci.yaml"));
        assertTrue(Comparison.of(Runs.of(measured(SOUND)), Runs.of(baseline), tolerances)
                .passed());
        Verdict broken = Comparison.of(Runs.of(measured(BROKEN)), Runs.of(baseline), tolerances);
        assertEquals(1, broken.count(Outcome.REGRESSION), broken::toString);
    }

    private static CellResult measured(Quantizer quantizer) throws Exception {
        Tokenizer tokenizer = Tokenizer.open(QUICKSTART.resolve("model"));
        String text = Files.readString(QUICKSTART.resolve("stories.txt")).substring(0, 6000);
        int[] ids = tokenizer.encode(text);
        try (ModelSource source = ModelFiles.open(QUICKSTART.resolve("model"));
                Backend backend = CpuBackend.create(1);
                LanguageModel model = LanguageModel.load(
                        source,
                        (linear, stored) -> quantizer
                                .quantize(((DenseWeight) stored).tensor(), null)
                                .weight(),
                        backend)) {
            double[] losses = new double[WINDOWS];
            Arrays.setAll(
                    losses,
                    window -> Arrays.stream(model.nll(Arrays.copyOfRange(ids, window * WINDOW, (window + 1) * WINDOW)))
                            .average()
                            .orElseThrow());
            return Runs.cell(64, Runs.metrics(WINDOW, losses), Runs.provenance("aa", 42));
        }
    }
}
