package dev.sinq4j.cli.doctor;

import dev.sinq4j.cuda.Device;
import dev.sinq4j.cuda.Device.Absent;
import dev.sinq4j.cuda.Device.Present;
import dev.sinq4j.cuda.DeviceProbe;
import java.util.Locale;
import java.util.Map;

/** The GPU and its driver. */
final class GpuCheck {

    private GpuCheck() {}

    static Finding look() {
        return judge(DeviceProbe.probe());
    }

    static Finding judge(Device device) {
        return switch (device) {
            case Present gpu ->
                Finding.ok(
                        "GPU",
                        String.format(
                                Locale.ROOT,
                                "%s, %.1f GB, compute capability %d.%d, driver for CUDA %s",
                                gpu.name(),
                                gpu.memoryBytes() / 1e9,
                                gpu.major(),
                                gpu.minor(),
                                gpu.driver()),
                        Map.of(
                                "name", gpu.name(),
                                "memory_bytes", gpu.memoryBytes(),
                                "compute_capability", gpu.major() + "." + gpu.minor(),
                                "cuda", gpu.driver()));
            case Absent none -> Finding.limited("GPU", none.reason(), none.remedy(), Map.of());
        };
    }
}
