package dev.sinq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.experiment.LocatedModel;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.model.ModelFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What {@code quantize} asks before it reads a weight. */
class QuantizationWorkTest {

    private static final Path MODEL = Path.of("experiments/quickstart/model");

    private static QuantizationWork work(String method, OptionalLong freeOnDevice) {
        try (LocatedModel model = new LocatedModel("m", ModelFiles.open(MODEL), Optional.of(MODEL))) {
            return QuantizationWork.of(
                    Methods.of(MethodRequest.of(method, 4, 64)), "bundled", model, () -> freeOnDevice);
        }
    }

    @Test
    void aDeviceThatIsTooSmallIsRefusedWithWhatItNeedsAndWhatIsFree() {
        for (String method : new String[] {"sinq", "asinq"}) {
            var error = assertThrows(UnavailableFailure.class, () -> work(method, OptionalLong.of(100_000_000)));
            assertTrue(error.getMessage().startsWith("cuda: out of memory: quantizing m needs "), error::getMessage);
            assertTrue(error.getMessage().contains(" GB, free 0.10 GB; "), error::getMessage);
            assertEquals(3, error.exitStatus());
        }
    }

    @Test
    void aDeviceThatIsLargeEnoughAndTheCpuAreNot() {
        assertTrue(work("sinq", OptionalLong.of(1L << 30)).calibration().isEmpty());
        assertTrue(work("sinq", OptionalLong.empty()).needs().bytes() > 0);
    }
}
