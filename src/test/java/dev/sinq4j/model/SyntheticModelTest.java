package dev.sinq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.family.Configs;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticModelTest {

    @TempDir
    Path folder;

    private Path config = Path.of("");

    @BeforeEach
    void writeConfig() throws IOException {
        config = Files.writeString(
                folder.resolve("config.json"),
                Configs.llama(c -> c.put("vocab_size", 20000)).toString());
    }

    @Test
    void embeddingsAreNormalWithTheStandardDeviationOfAnUntrainedModel() {
        try (ModelSource source = SyntheticModel.of(config, 7);
                Arena arena = Arena.ofShared()) {
            Tensor table = source.tensor(source.architecture().embedding(), arena);
            assertEquals(DType.BF16, table.dtype());
            float[] values = table.floats();
            double mean = mean(values);
            double deviation = Math.sqrt(mean(squares(values)) - mean * mean);
            assertEquals(0, mean, 2e-4);
            assertEquals(0.02, deviation, 2e-4);
            double beyondTwo = count(values, 0.04f) / (double) values.length;
            assertEquals(0.0455, beyondTwo, 2e-3);
        }
    }

    @Test
    void normsLieAroundOne() {
        try (ModelSource source = SyntheticModel.of(config, 7);
                Arena arena = Arena.ofShared()) {
            for (float value :
                    source.tensor(source.architecture().finalNorm(), arena).floats()) assertEquals(1, value, 0.1);
        }
    }

    @Test
    void aTensorDependsOnSeedAndNameAlone() {
        try (ModelSource one = SyntheticModel.of(config, 7);
                ModelSource same = SyntheticModel.of(config, 7);
                ModelSource other = SyntheticModel.of(config, 8)) {
            Architecture architecture = one.architecture();
            Linear gate = architecture.linears().get(4);
            Linear up = architecture.linears().get(5);
            assertArrayEquals(values(one, gate), values(same, gate));
            assertFalse(Arrays.equals(values(one, gate), values(other, gate)));
            assertFalse(Arrays.equals(values(one, gate), values(one, up)));
        }
    }

    @Test
    void itSaysThatItIsSynthetic() {
        try (ModelSource source = SyntheticModel.of(config, 7)) {
            assertTrue(source.synthetic());
            assertEquals("synthetic:" + config + "@7", source.description());
        }
    }

    private static float[] values(ModelSource source, Linear linear) {
        try (Arena arena = Arena.ofShared()) {
            return ((DenseWeight) source.weight(linear, arena)).tensor().floats();
        }
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) sum += value;
        return sum / values.length;
    }

    private static float[] squares(float[] values) {
        float[] squares = new float[values.length];
        for (int i = 0; i < values.length; i++) squares[i] = values[i] * values[i];
        return squares;
    }

    private static int count(float[] values, float beyond) {
        int count = 0;
        for (float value : values) if (Math.abs(value) > beyond) count++;
        return count;
    }
}
