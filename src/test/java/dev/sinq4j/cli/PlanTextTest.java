package dev.sinq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.experiment.Plan;
import dev.sinq4j.experiment.Plan.PlannedCell;
import dev.sinq4j.experiment.Plan.PlannedModel;
import dev.sinq4j.experiment.Plan.PlannedTask;
import dev.sinq4j.experiment.Plan.PlannedText;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private static final PlannedModel HERE = new PlannedModel("org/here", 2_000_000L, null, "models/here");
    private static final PlannedModel AWAY =
            new PlannedModel("org/away", 1_000_000L, 2_000_000L, "not on this machine");

    @Test
    void cellsStandUnderTheirModelAndDataThatIsNotHereIsNamedOnce() {
        Plan plan = new Plan(
                "both",
                List.of(HERE, AWAY),
                List.of(
                        cell("org/here", "none", 1.0),
                        cell("org/here", "presinq 64x16x1 + rtn 3 bits, group 64, 1d, fp16", 0.0),
                        cell("org/away", "none", null)),
                List.of(
                        new PlannedText("far", "perplexity", "org/here", null, 16, 512, 0.021, "fetch far"),
                        new PlannedText("far", "perplexity", "org/away", null, 16, 512, 0.021, "fetch far"),
                        new PlannedText("near", "divergence", "org/here", 1234, null, 512, null, "near.txt")),
                List.of(new PlannedTask("piqa", "org/away", null, null, 0, null, "fetch piqa")),
                Long.MAX_VALUE,
                null);
        assertEquals("""
            experiment both: 3 cells

            model  org/here: 2,000,000 parameters; models/here
            model  org/away: 1,000,000 parameters, about 2.0 MB to fetch; not on this machine
            text   far, perplexity: up to 16 windows of 512; likely to show differences from 0.0210 nats per token (2.12 % of perplexity); fetch far
            text   near, divergence of org/here: 1,234 windows of 512; near.txt
            task   piqa: ? questions; fetch piqa

              cell                                                  weights   bits/w       memory       time
            org/here
              none                                                   1.0 kB   16.000       2.0 MB        1 s
              presinq 64x16x1 + rtn 3 bits, group 64, 1d, fp16       1.0 kB   16.000       2.0 MB          -
            org/away
              none                                                   1.0 kB   16.000       2.0 MB          ?
            """, PlanText.of(plan).replaceFirst("(?s)\n\nMemory: .*", "\n"));
    }

    @Test
    void whatACellTakesOfTheGpuStandsBesideIt() {
        Plan plan = new Plan(
                "gpu",
                List.of(HERE),
                List.of(onGpu("none", 5_000_000_000L), onGpu("sinq", 1_500_000_000L)),
                List.of(),
                List.of(),
                Long.MAX_VALUE,
                4_000_000_000L);
        assertEquals("""
            experiment gpu: 2 cells

            model  org/here: 2,000,000 parameters; models/here

              cell      weights   bits/w       memory       time
              none       1.0 kB   16.000       2.0 MB        1 s   5.00 GB on the GPU, which does not fit: 4.00 GB free
              sinq       1.0 kB   16.000       2.0 MB        1 s   1.50 GB on the GPU
            """, PlanText.of(plan).replaceFirst("(?s)\n\nMemory: .*", "\n"));
    }

    private static PlannedCell cell(String model, String method, Double seconds) {
        return new PlannedCell(model, method, 1000L, 16.0, 2_000_000L, null, null, null, seconds);
    }

    private static PlannedCell onGpu(String method, long deviceBytes) {
        return new PlannedCell("org/here", method, 1000L, 16.0, 2_000_000L, null, deviceBytes, null, 1.0);
    }
}
