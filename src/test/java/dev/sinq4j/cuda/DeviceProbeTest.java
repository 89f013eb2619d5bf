package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sinq4j.cuda.Device.Absent;
import dev.sinq4j.cuda.Device.Present;
import dev.sinq4j.cuda.DeviceProbe.Found;
import org.junit.jupiter.api.Test;

class DeviceProbeTest {

    @Test
    void answersTheSameWithoutFailingHoweverOftenItIsAsked() {
        assertSame(DeviceProbe.probe(), DeviceProbe.probe());
    }

    @Test
    void aDeviceWithANewDriverIsPresent() {
        assertEquals(
                new Present("NVIDIA H100", 85_000_000_000L, 9, 0, "13.0"),
                DeviceProbe.judge(new Found("NVIDIA H100", 85_000_000_000L, 9, 0, 13_000)));
    }

    @Test
    void anOldDriverIsNamedWithWhatItKnows() {
        assertEquals(
                new Absent(
                        "NVIDIA H100: the driver knows CUDA 12.4, too old for these kernels",
                        "update the NVIDIA driver to 580 or newer"),
                DeviceProbe.judge(new Found("NVIDIA H100", 1, 9, 0, 12_040)));
    }

    @Test
    void anOldDeviceIsNamedWithItsCapability() {
        assertEquals(
                new Absent(
                        "Tesla T4: compute capability 7.5 is too old for these kernels",
                        "use a GPU of compute capability 8.0 (Ampere) or newer, or --backend cpu"),
                DeviceProbe.judge(new Found("Tesla T4", 1, 7, 5, 13_010)));
    }

    @Test
    void aMissingDriverIsToldFromAMissingLibrary() {
        assertEquals(
                "no NVIDIA driver (libcuda.so.1 is not there)",
                DeviceProbe.absent(new UnsatisfiedLinkError(
                                "Error while loading native library \"JCudaDriver-12.6.0-linux-x86_64\"\n"
                                        + "libcuda.so.1: cannot open shared object file"))
                        .reason());
        assertEquals(
                "JCuda has no library for " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                        + " (no such resource)",
                DeviceProbe.absent(new UnsatisfiedLinkError("no such resource")).reason());
    }
}
