package dev.sinq4j.cli.doctor;

import dev.sinq4j.kernel.Kernels;
import java.util.Map;

/** Which arithmetic the CPU backend uses. */
final class KernelCheck {

    private KernelCheck() {}

    static Finding look(int threads) {
        try (Kernels kernels = Kernels.create(threads)) {
            return judge(kernels.description());
        }
    }

    static Finding judge(String description) {
        Map<String, Object> facts = Map.of("active", description);
        if (description.startsWith("vector")) return Finding.ok("kernels", description, facts);
        return Finding.limited(
                "kernels",
                description + ": much slower than the vector kernels",
                "start through ./sinq4j or mvn exec:java, which add the module jdk.incubator.vector",
                facts);
    }
}
