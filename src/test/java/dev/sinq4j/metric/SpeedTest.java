package dev.sinq4j.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.results.Metrics.Throughput;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedTest {

    @Test
    void everyNumberOfSequencesIsMeasuredAsOftenAsAskedFor() {
        try (Backend backend = CpuBackend.create(1);
                ModelSource source = ModelFiles.open(Path.of("experiments/quickstart/model"));
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            Throughput first = new Speed(5, 2, 3, List.of(2, 1), 7).measure(model);
            List<Throughput> all = first.everyBatch();
            assertEquals(List.of(2, 1), all.stream().map(Throughput::batch).toList());
            for (Throughput batch : all) {
                assertEquals(3, batch.prefillTokensPerSecond().size());
                assertEquals(3, batch.decodeTokensPerSecond().size());
                assertEquals(List.of(5, 2), List.of(batch.promptTokens(), batch.generateTokens()));
                assertTrue(batch.decodeTokensPerSecond().stream().allMatch(each -> each > 0), batch.toString());
            }
        }
    }
}
