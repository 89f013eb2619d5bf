package dev.sinq4j.metric;

import dev.sinq4j.failure.UsageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory of this process and this machine as Linux counts it. Resident memory ({@code VmHWM}, {@code VmRSS}) is heap, native
 * memory and the touched pages of mapped files; anonymous memory leaves those pages out, which are the page cache's. Elsewhere
 * nothing is known, and nothing is claimed.
 */
public final class HostMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path CONTAINER = Path.of("/sys/fs/cgroup/memory.max");
    private static final String LIMIT = "SINQ4J_MEMORY";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})([kKmMgG]?)");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");
    /** What the kernel's clear_refs file takes to set the peak back to the present size. */
    private static final String RESET_PEAK = "5";

    private HostMemory() {}

    /** Gives freed memory back and sets the peak to what is resident then; false where that cannot be done and peaks include earlier cells. */
    public static boolean resetPeak() {
        NativeHeap.giveBack();
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

    /** Resident bytes now without the pages of mapped files. */
    public static OptionalLong anonymousBytes() {
        return field("RssAnon:");
    }

    /**
     * Bytes this process may come to: what is free or can be freed, and what it has; no more than its container's limit, or than
     * the environment variable {@value #LIMIT} says, such as {@code 8g}.
     *
     * @throws UsageFailure if that is no size
     */
    public static OptionalLong usableBytes() {
        String stated = System.getenv().getOrDefault(LIMIT, "");
        if (!stated.isBlank()) return OptionalLong.of(size(stated.strip()));
        OptionalLong free = field(MEMORY, "MemAvailable:");
        if (free.isEmpty()) return free;
        long ours = free.getAsLong() + anonymousBytes().orElse(0);
        return OptionalLong.of(Math.min(ours, containerLimit().orElse(Long.MAX_VALUE)));
    }

    /** A number of bytes, or of kilo-, mega- or gigabytes of 1024 with k, m or g. */
    static long size(String text) {
        Matcher parts = SIZE.matcher(text);
        if (!parts.matches())
            throw new UsageFailure(LIMIT + ": expected a size such as 8g or 8192m, found '" + text + "'");
        int power = "kmg".indexOf(parts.group(2).toLowerCase(Locale.ROOT)) + 1;
        return Long.parseLong(parts.group(1)) << (parts.group(2).isEmpty() ? 0 : 10 * power);
    }

    private static OptionalLong containerLimit() {
        if (!Files.isReadable(CONTAINER)) return OptionalLong.empty();
        try {
            String limit = Files.readString(CONTAINER).strip();
            return limit.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(limit)) : OptionalLong.empty();
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong field(String name) {
        return field(STATUS, name);
    }

    private static OptionalLong field(Path file, String name) {
        if (!Files.isReadable(file)) return OptionalLong.empty();
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
    }
}
