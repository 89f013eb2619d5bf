package dev.sinq4j.cuda;

import java.util.EnumMap;
import java.util.Map;

/** How many bytes of a device are held for what, now and at most. */
public final class MemoryAccount {

    private final Map<Purpose, Long> current = new EnumMap<>(Purpose.class);
    private final Map<Purpose, Long> peak = new EnumMap<>(Purpose.class);
    private long total;
    private long totalPeak;

    void take(Purpose purpose, long bytes) {
        long now = current.merge(purpose, bytes, Long::sum);
        peak.merge(purpose, now, Math::max);
        total += bytes;
        totalPeak = Math.max(totalPeak, total);
    }

    void give(Purpose purpose, long bytes) {
        current.merge(purpose, -bytes, Long::sum);
        total -= bytes;
    }

    /** Bytes held now. */
    public long current() {
        return total;
    }

    /** Bytes held now for one purpose. */
    public long current(Purpose purpose) {
        return current.getOrDefault(purpose, 0L);
    }

    /** The most that was held at a time. */
    public long peak() {
        return totalPeak;
    }

    /** The most that was held at a time for one purpose. */
    public long peak(Purpose purpose) {
        return peak.getOrDefault(purpose, 0L);
    }

    /** Starts looking for the peak again, from what is held now. */
    public void forgetPeak() {
        peak.putAll(current);
        totalPeak = total;
    }
}
