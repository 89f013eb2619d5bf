package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.method.QuantizedHead;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.SyntheticModel;
import dev.sinq4j.model.architecture.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundedHeadTest {

    private static final int[] IDS =
            IntStream.range(0, 40).map(i -> (i * 17 + i / 7) % 100).toArray();

    /** Bytes that plans leave out. */
    private static final long COLUMN_SCALES = 4 * 128 * Float.BYTES;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEightBitHeadPredictsNearlyWhatTheStoredOneDoesAndIsReadInstead(boolean tied) throws IOException {
        QuantizedHead bits = new QuantizedHead(8);
        try (ModelSource source = source(tied);
                Backend backend = CpuBackend.create(1);
                LanguageModel stored = load(source, null, backend);
                LanguageModel rounded = load(source, bits, backend)) {
            double[] before = stored.nll(IDS);
            double[] after = rounded.nll(IDS);
            assertFalse(Arrays.equals(before, after));
            assertArrayEquals(before, after, 0.02);
            Linear head = source.architecture().head();
            long packed = LaidOutSize.of(bits.method(), head.rows(), head.columns());
            long read = stored.bytesReadPerToken() - 2L * head.elements() + packed;
            assertNear(read, rounded.bytesReadPerToken());
            assertNear(stored.bytes().laidOut() + packed, rounded.bytes().laidOut());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPlanKnowsWhatAHeadOfItsOwnTakes(boolean tied) throws IOException {
        QuantizedHead bits = new QuantizedHead(6);
        HostPlan plan = HostPlan.ofWindow(64);
        try (ModelSource source = source(tied);
                Backend backend = CpuBackend.create(1);
                LanguageModel rounded = load(source, bits, backend)) {
            assertNear(rounded.bytes().laidOut(), plan.with(bits).stored(source).weights());
            assertTrue(plan.with(bits).stored(source).quantizing()
                    > plan.stored(source).quantizing());
        }
    }

    @Test
    void embeddingsAreThoseOfTheStoredTable() throws IOException {
        try (ModelSource source = source(true);
                Backend backend = CpuBackend.create(1);
                LanguageModel stored = load(source, null, backend);
                LanguageModel rounded = load(source, new QuantizedHead(2), backend)) {
            assertArrayEquals(stored.finalHidden(IDS, 0), rounded.finalHidden(IDS, 0));
        }
    }

    @Test
    void bitsThatNoCodeHasAreRefused() {
        assertEquals(
                "head-bits must be 2 to 8, were 9",
                assertThrows(IllegalArgumentException.class, () -> new QuantizedHead(9))
                        .getMessage());
    }

    private static void assertNear(long expected, long actual) {
        assertTrue(Math.abs(expected - actual) < COLUMN_SCALES, () -> "expected " + expected + ", was " + actual);
    }

    private static LanguageModel load(ModelSource source, QuantizedHead head, Backend backend) {
        return LanguageModel.load(source, LinearWeights.STORED, RoundedHead.of(head, backend), backend);
    }

    private ModelSource source(boolean tied) throws IOException {
        return SyntheticModel.of(Files.writeString(folder.resolve("config.json"), """
            {"model_type": "llama", "hidden_act": "silu", "hidden_size": 128, "intermediate_size": 192,
             "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 2, "tie_word_embeddings": %s,
             "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "vocab_size": 100}
            """.formatted(tied)), 1);
    }
}
