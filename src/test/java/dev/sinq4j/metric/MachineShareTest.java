package dev.sinq4j.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.family.Families;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MachineShareTest {

    private final Architecture architecture = Families.read(Path.of("configs/shapes/llama-3.2-1b.json"));

    @Test
    void aPromptCountsTheMatricesOnceATokenAndAttentionOnceAPairOfPositions() {
        double matrices = 2.0 * 3 * 973_078_528;
        double attention = 16 * 2.0 * 32 * (64 + 64) * (1 + 2 + 3);
        assertEquals(matrices + attention, MachineShare.operations(architecture, 3));
    }

    @Test
    void aStepReadsTheKeysAndValuesOfAllPositionsUpToItsOwn() {
        assertEquals(4.0 * 16 * 8 * (64 + 64) * (5 + 6) / 2, MachineShare.cachedBytes(architecture, 4, 2));
    }
}
