package dev.sinq4j.experiment;

import dev.sinq4j.experiment.Plan.PlannedCell;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.ResultsStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Refuses what cannot fit in memory before anything is loaded. */
public final class MemoryCheck {

    private static final String RESULTS = "results.jsonl";
    private static final String WHAT_TO_DO =
            "; take shorter windows (metrics.perplexity.window), leave them out (--only), use a machine with more"
                    + " memory, or say how much may be used with SINQ4J_MEMORY=16g";

    private MemoryCheck() {}

    /**
     * Holds a plan against the memory there is.
     *
     * @param cells   of the plan, in its order
     * @param results where they go; cells that have a result there are not computed again
     * @throws UnavailableFailure naming every cell that does not fit, what it needs and what there is
     */
    public static void require(Plan plan, List<Cell> cells, Path results) {
        List<CellResult> stored = stored(results);
        List<String> tooLarge = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            PlannedCell planned = plan.cells().get(i);
            if (isTooLarge(planned, plan.usableBytes()) && !isStored(cells.get(i), stored))
                tooLarge.add(cells.get(i).label() + " needs " + gigabytes(planned.hostBytes()));
        }
        if (tooLarge.isEmpty()) return;
        throw new UnavailableFailure("memory: " + gigabytes(plan.usableBytes()) + " may be used, but "
                + String.join(", ", tooLarge) + WHAT_TO_DO);
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

    private static List<CellResult> stored(Path results) {
        return Files.isRegularFile(results.resolve(RESULTS))
                ? ResultsStore.read(results).cells()
                : List.of();
    }

    private static boolean isStored(Cell cell, List<CellResult> stored) {
        return stored.stream()
                .anyMatch(result -> result.status() == Status.OK
                        && result.model().equals(cell.model().source())
                        && result.method().equals(cell.method().name())
                        && result.bits() == cell.method().bits()
                        && Objects.requireNonNullElse(result.group(), 0)
                                == cell.method().group());
    }

    private static String gigabytes(@Nullable Long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", Objects.requireNonNullElse(bytes, 0L) / 1e9);
    }
}
