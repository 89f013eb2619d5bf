package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.data.CalibrationSet;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Gptq;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.quant.Dequantizer;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.tokenizer.Tokenizer;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** GPTQ on the layers of the bundled trained model, with what these are given on its calibration text. */
class GptqOnRealLayersTest {

    private static final Path MODEL = Path.of("experiments/quickstart/model");
    private static final Quantizer GPTQ = Quantizers.of(new Gptq(3, 64, AuxPrecision.FP32, false, Gptq.DAMPING, true));

    @Test
    void everyLayersOutputsAreNearerThanThoseOfRoundingToNearestOnTheSameGrid() {
        Tokenizer tokenizer = Tokenizer.open(MODEL);
        List<int[]> blocks = CalibrationSet.file(Path.of("experiments/quickstart/calibration.txt"))
                .cut(tokenizer::encode, 128)
                .subList(0, 6);
        AtomicInteger layers = new AtomicInteger();
        try (ModelFiles model = ModelFiles.open(MODEL);
                Backend backend = CpuBackend.create(0)) {
            new Calibration(blocks, false)
                    .visit(
                            model,
                            (linear, stored, seen) -> {
                                DenseWeight dense = (DenseWeight) stored;
                                Inputs inputs = seen.orElseThrow();
                                double gptq = outputError(dense, inputs, inputs);
                                double nearest = outputError(dense, uncorrelated(inputs.columns()), inputs);
                                assertTrue(gptq < nearest, linear + ": " + gptq + " is not below " + nearest);
                                layers.incrementAndGet();
                                return stored;
                            },
                            backend);
        }
        // q, k, v, o, up and down of four layers
        assertEquals(24, layers.get());
    }

    /** Without correlations GPTQ has nothing to make good: it rounds to nearest on its static grid. */
    private static Inputs uncorrelated(int columns) {
        float[] identity = new float[columns * columns];
        for (int j = 0; j < columns; j++) identity[j * columns + j] = 1;
        return new Inputs(identity, columns, columns);
    }

    /** Squared norm of (W~ - W) x over the inputs. */
    private static double outputError(DenseWeight dense, Inputs told, Inputs measured) {
        PackedWeight packed = (PackedWeight) GPTQ.quantize(dense.tensor(), told).weight();
        float[] difference = new Dequantizer(packed).matrix();
        float[] weights = dense.tensor().floats();
        for (int i = 0; i < weights.length; i++) difference[i] -= weights[i];
        double error = 0;
        for (int t = 0; t < measured.tokens(); t += 8) // every eighth token tells enough
        for (int row = 0; row < packed.rows(); row++) {
                double sum = 0;
                for (int j = 0; j < measured.columns(); j++)
                    sum += (double) difference[row * measured.columns() + j]
                            * measured.values()[t * measured.columns() + j];
                error += sum * sum;
            }
        return error;
    }
}
