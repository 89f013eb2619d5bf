package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.ExperimentRunner.Outcome;
import dev.sinq4j.experiment.Quickstart.Recorder;
import dev.sinq4j.experiment.RemoteOutcome.Computed;
import dev.sinq4j.experiment.RemoteOutcome.Lost;
import dev.sinq4j.experiment.RemoteOutcome.Refused;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the starting machine makes of the answers of others; the cluster here is a list of answers. */
class ClusterRunTest {

    @TempDir
    Path folder;

    @Test
    void aCellThatIsAnsweredTwiceIsStoredOnce() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: rtn, bits: 3}]");
        String line = line(config);
        Recorder recorder = new Recorder();
        Outcome outcome = run(config, recorder, new Computed(0, line), new Computed(0, line));
        assertEquals(new Outcome(1, 1, 0), outcome);
        assertEquals(List.of(line), Files.readAllLines(folder.resolve("out/results.jsonl")));
        assertEquals(1, recorder.stored.size());
        // an answer that arrives in a later run changes nothing either
        assertEquals(new Outcome(0, 1, 0), run(config, new Recorder(), new Computed(0, line)));
        assertEquals(List.of(line), Files.readAllLines(folder.resolve("out/results.jsonl")));
    }

    @Test
    void aLostCellIsNoResultAndTheOthersAreStored() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: rtn, bits: 3}, {method: rtn, bits: 2}]");
        String line = line(config);
        assertEquals(
                new Outcome(1, 0, 1), run(config, new Recorder(), new Lost(1, "no answer"), new Computed(0, line)));
        assertEquals(List.of(line), Files.readAllLines(folder.resolve("out/results.jsonl")));
    }

    @Test
    void aModelThatCannotBeOpenedIsNamedAfterTheOthersAreStored() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: rtn, bits: 3}, {method: rtn, bits: 2}]");
        String line = line(config);
        var error = assertThrows(
                UnavailableFailure.class,
                () -> run(
                        config, new Recorder(), new Refused(1, "model.safetensors is cut off"), new Computed(0, line)));
        assertEquals("model.safetensors is cut off", error.getMessage());
        assertEquals(List.of(line), Files.readAllLines(folder.resolve("out/results.jsonl")));
    }

    /** The first cell's result as another machine would send it. */
    private String line(ExperimentConfig config) throws IOException {
        Quickstart.run(config, folder.resolve("elsewhere"), new Recorder());
        return Files.readAllLines(folder.resolve("elsewhere/results.jsonl")).getFirst();
    }

    private Outcome run(ExperimentConfig config, RunListener listener, RemoteOutcome... answers) {
        Cluster cluster = (work, outcomes) -> List.of(answers).forEach(outcomes);
        return Quickstart.experiment(config)
                .run(Cells.of(config), folder.resolve("out"), listener, cluster, "elsewhere");
    }
}
