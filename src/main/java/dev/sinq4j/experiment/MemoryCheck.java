package dev.sinq4j.experiment;

import dev.sinq4j.experiment.Plan.PlannedCell;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.metric.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses what cannot fit in memory before anything is loaded. */
public final class MemoryCheck {

    private static final String WHAT_TO_DO =
            "; take shorter windows (metrics.perplexity.window), leave them out (--only), use a machine with more"
                    + " memory, or say how much may be used with SINQ4J_MEMORY=16g";

    private MemoryCheck() {}

    /** The cells of a plan that cannot fit, in its order. */
    public static List<Cell> tooLarge(Plan plan, List<Cell> cells) {
        List<Cell> tooLarge = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++)
            if (isTooLarge(plan.cells().get(i), plan.usableBytes())) tooLarge.add(cells.get(i));
        return tooLarge;
    }

    /**
     * Holds a plan against the memory there is.
     *
     * @param cells    of the plan, in its order
     * @param finished cells that are not computed again
     * @throws UnavailableFailure naming every other cell that does not fit, what it needs and what there is
     */
    public static void require(Plan plan, List<Cell> cells, Set<Cell> finished) {
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            PlannedCell planned = plan.cells().get(i);
            if (isTooLarge(planned, plan.usableBytes()) && !finished.contains(cells.get(i)))
                refused.add(cells.get(i).label() + " needs " + gigabytes(planned.hostBytes()));
        }
        if (refused.isEmpty()) return;
        throw new UnavailableFailure("memory: " + gigabytes(plan.usableBytes()) + " may be used, but "
                + String.join(", ", refused) + WHAT_TO_DO);
    }

    /**
     * Holds a command's needs against the memory there is now.
     *
     * @param what that needs it, such as the model's name
     * @throws UnavailableFailure if it does not fit
     */
    public static void require(String what, HostNeeds needs) {
        require(what, needs, HostMemory.usableBytes().orElse(Long.MAX_VALUE));
    }

    /**
     * Holds a command's needs against the memory there is.
     *
     * @param what that needs it, such as the model's name
     * @throws UnavailableFailure if it does not fit
     */
    public static void require(String what, HostNeeds needs, long usableBytes) {
        if (needs.bytes() > usableBytes)
            throw new UnavailableFailure("memory: " + gigabytes(usableBytes) + " may be used, but " + what + " needs "
                    + gigabytes(needs.bytes())
                    + "; take fewer tokens, a model of fewer bits or a machine with more memory, or say how much may be"
                    + " used with SINQ4J_MEMORY=16g");
    }

    /** Whether a cell cannot fit. */
    public static boolean isTooLarge(PlannedCell planned, long usableBytes) {
        return planned.hostBytes() != null && planned.hostBytes() > usableBytes;
    }

    private static String gigabytes(@Nullable Long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", Objects.requireNonNullElse(bytes, 0L) / 1e9);
    }
}
