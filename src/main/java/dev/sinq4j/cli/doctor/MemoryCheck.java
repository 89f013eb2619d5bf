package dev.sinq4j.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Heap, physical memory, and what a container leaves of it. */
final class MemoryCheck {

    private static final long COMFORTABLE = 4_000_000_000L;
    private static final Path CGROUP_LIMIT = Path.of("/sys/fs/cgroup/memory.max");

    private MemoryCheck() {}

    static Finding look() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return judge(
                Runtime.getRuntime().maxMemory(),
                system.getTotalMemorySize(),
                system.getFreeMemorySize(),
                cgroupLimit(CGROUP_LIMIT),
                Runtime.getRuntime().availableProcessors());
    }

    static Finding judge(long heap, long physical, long free, OptionalLong cgroup, int processors) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("heap_bytes", heap);
        facts.put("physical_bytes", physical);
        facts.put("free_bytes", free);
        cgroup.ifPresent(limit -> facts.put("cgroup_limit_bytes", limit));
        facts.put("processors", processors);
        String text = gigabytes(physical) + " physical, " + gigabytes(free) + " free, heap up to " + gigabytes(heap)
                + (cgroup.isPresent() ? ", container limit " + gigabytes(cgroup.getAsLong()) : ", no container limit")
                + ", " + processors + (processors == 1 ? " processor" : " processors");
        long usable = Math.min(physical, cgroup.orElse(Long.MAX_VALUE));
        if (usable < COMFORTABLE)
            return Finding.limited(
                    "memory", text, "enough for the quickstart; an 8B model in 16 bits wants 20 GB", facts);
        return Finding.ok("memory", text, facts);
    }

    /** The limit of control groups, version 2; empty where there is none. */
    static OptionalLong cgroupLimit(Path file) {
        try {
            String limit = Files.readString(file).strip();
            return limit.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(limit)) : OptionalLong.empty();
        } catch (IOException absent) {
            return OptionalLong.empty();
        }
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
