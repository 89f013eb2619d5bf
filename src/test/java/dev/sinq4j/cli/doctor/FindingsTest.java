package dev.sinq4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.cli.doctor.Finding.State;
import dev.sinq4j.cuda.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingsTest {

    private static final long GB = 1_000_000_000;

    @TempDir
    Path folder;

    @Test
    void everythingIsLookedAtAndWhatIsNotWellHasARemedy() {
        List<Finding> findings = Examination.run(1);
        assertEquals(
                List.of("Java", "kernels", "memory", "GPU", "caches", "fonts"),
                findings.stream().map(Finding::name).toList());
        for (Finding finding : findings)
            assertEquals(finding.state() != State.OK, finding.remedy() != null, finding.toString());
    }

    @ParameterizedTest
    @CsvSource({"25.0.3, OK", "25.0.12, OK", "25.0.2, MISSING", "25, MISSING", "26, LIMITED", "24.0.2, LIMITED"})
    void judgesJavaByItsVersion(String version, State expected) {
        assertEquals(
                expected,
                JavaCheck.judge(Runtime.Version.parse(version), "Nobody", "[G1]")
                        .state());
    }

    @Test
    void scalarKernelsAreALimit() {
        assertEquals(State.LIMITED, KernelCheck.judge("scalar (2 threads)").state());
        assertEquals(State.OK, KernelCheck.judge("vector (512 bit, 2 threads)").state());
    }

    @Test
    void memoryIsJudgedByTheContainersLimit() {
        Finding free = MemoryCheck.judge(8 * GB, 32 * GB, 30 * GB, OptionalLong.empty(), 2);
        assertEquals(State.OK, free.state());
        assertEquals(
                "32.0 GB physical, 30.0 GB free, heap up to 8.0 GB, no container limit, 2 processors", free.text());
        Finding bound = MemoryCheck.judge(1 * GB, 32 * GB, 30 * GB, OptionalLong.of(2 * GB), 1);
        assertEquals(State.LIMITED, bound.state());
        assertEquals(
                "32.0 GB physical, 30.0 GB free, heap up to 1.0 GB, container limit 2.0 GB, 1 processor", bound.text());
    }

    @Test
    void controlGroupsMayHaveNoLimit() throws IOException {
        assertEquals(
                OptionalLong.of(1234), MemoryCheck.cgroupLimit(Files.writeString(folder.resolve("limit"), "1234\n")));
        assertEquals(OptionalLong.empty(), MemoryCheck.cgroupLimit(Files.writeString(folder.resolve("max"), "max\n")));
        assertEquals(OptionalLong.empty(), MemoryCheck.cgroupLimit(folder.resolve("absent")));
    }

    @Test
    void anAbsentGpuIsALimitWithItsRemedy() {
        Finding absent = GpuCheck.judge(new Device.Absent("no NVIDIA driver", "install one"));
        assertEquals(State.LIMITED, absent.state());
        assertEquals("install one", absent.remedy());
        Finding present = GpuCheck.judge(new Device.Present("NVIDIA H100", 85 * GB, 9, 0, "13.0"));
        assertEquals("NVIDIA H100, 85.0 GB, compute capability 9.0, driver for CUDA 13.0", present.text());
        assertNull(present.remedy());
    }

    @Test
    void cachesNameTheTokenNeverItsText() {
        Finding finding = CacheCheck.judge(Path.of("/c/hub"), Path.of("/c/own"), 100 * GB, 1, true, "HF_HUB_OFFLINE");
        assertEquals(
                "/c/hub: 1 repository, 100.0 GB free; a token is set; offline by HF_HUB_OFFLINE; own cache /c/own",
                finding.text());
        assertEquals(
                State.LIMITED,
                CacheCheck.judge(Path.of("/c"), Path.of("/o"), 3 * GB, 0, false, null)
                        .state());
    }

    @Test
    void textCanBeDrawnOrTheRemedyIsNamed() {
        Finding fonts = FontCheck.look();
        assertNotEquals(State.MISSING, fonts.state());
        assertTrue(fonts.state() == State.OK || String.valueOf(fonts.remedy()).startsWith("apt install"));
    }
}
