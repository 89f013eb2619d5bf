package dev.sinq4j.metric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Peak resident memory of this process as Linux counts it ({@code VmHWM}): heap, native memory and the touched pages of mapped
 * files. Elsewhere nothing is known, and nothing is claimed.
 */
public final class HostMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");
    /** What the kernel's clear_refs file takes to set the peak back to the present size. */
    private static final String RESET_PEAK = "5";

    private HostMemory() {}

    /** Sets the peak back to what is resident now; false where that cannot be done and peaks include earlier cells. */
    public static boolean resetPeak() {
        if (!Files.isWritable(CLEAR)) return false;
        try {
            Files.writeString(CLEAR, RESET_PEAK);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Peak resident bytes since the start or the last {@link #resetPeak}. */
    public static OptionalLong peakBytes() {
        return field("VmHWM:");
    }

    /** Resident bytes now. */
    public static OptionalLong residentBytes() {
        return field("VmRSS:");
    }

    private static OptionalLong field(String name) {
        if (!Files.isReadable(STATUS)) return OptionalLong.empty();
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
    }
}
