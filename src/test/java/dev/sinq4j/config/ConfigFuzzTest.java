package dev.sinq4j.config;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sinq4j.failure.Failure;
import dev.sinq4j.testing.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment, damaged at random: it is read or refused with a message. See {@link Damage} for more cases. */
class ConfigFuzzTest {

    private static final String CONFIG = """
        experiment: fuzz
        description: "A line"
        reference: {repository: huawei-csl/SINQ, commit: bbbc6571e625ae6837813734abc94e776923d82f}
        seed: 42
        backend: cpu
        models:
          - {id: org/name, revision: main}
          - {path: src}
        methods:
          - {method: none, presinq: {tile: 32, absorb: [qkv, out]}}
          - {method: sinq, bits: [3, 4], group: 64, tiling: 1d, aux: int8}
          - {method: asinq, bits: 3, calibration: {text: bundled, tokens: 128}}
        metrics:
          perplexity: {datasets: [{name: t, text: pom.xml}], window: 256, windows: 2}
          memory: true
          throughput: {prompt-tokens: 8, generate-tokens: 4, repetitions: 1}
        report: {tables: [md, csv], figures: [svg], page: true}
        """;

    @Test
    void aDamagedExperimentIsReadOrRefusedWithAMessage(@TempDir Path folder) throws IOException {
        Damage damage = new Damage(Damage.SEED);
        Path file = folder.resolve("fuzz.yaml");
        ConfigLoader loader = new ConfigLoader(Catalogs.SMALL);
        int read = 0;
        for (int i = 0; i < Damage.CASES; i++) {
            byte[] damaged = damage.of(CONFIG);
            Files.write(file, damaged);
            try {
                loader.load(file, List.of());
                read++;
            } catch (Failure e) {
                assertTrue(e.getMessage().contains("fuzz.yaml"), e.getMessage());
            } catch (RuntimeException | Error e) {
                fail(
                        "seed " + Damage.SEED + ", case " + i + ": " + new String(damaged, StandardCharsets.ISO_8859_1),
                        e);
            }
        }
        assertTrue(read > 0 && read < Damage.CASES, "read " + read + " of " + Damage.CASES);
    }
}
