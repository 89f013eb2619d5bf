package dev.sinq4j.cli.doctor;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Looks at everything; one thing that breaks does not hide the others. */
public final class Examination {

    private Examination() {}

    /** All findings, in the order to print them. */
    public static List<Finding> run(int threads) {
        return List.of(
                look("Java", JavaCheck::look),
                look("kernels", () -> KernelCheck.look(threads)),
                look("memory", MemoryCheck::look),
                look("GPU", GpuCheck::look),
                look("caches", CacheCheck::look),
                look("fonts", FontCheck::look));
    }

    private static Finding look(String name, Supplier<Finding> check) {
        try {
            return check.get();
        } catch (RuntimeException | LinkageError e) {
            return Finding.missing(name, "could not be looked at: " + e, "report this with the output of -v", Map.of());
        }
    }
}
