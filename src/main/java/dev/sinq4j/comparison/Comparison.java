package dev.sinq4j.comparison;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.ResultsStore;
import dev.sinq4j.results.StoredResults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds a candidate's results against a baseline's. Whatever the baseline has and the candidate cannot be compared with is a
 * failure of its own kind; what only the candidate has is mentioned.
 */
public final class Comparison {

    private final Tolerances tolerances;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private Comparison(Tolerances tolerances) {
        this.tolerances = tolerances;
    }

    /**
     * Compares two results folders.
     *
     * @param withProvenance whether changed inputs are listed, too
     * @throws dev.sinq4j.failure.UnavailableFailure if a folder holds no results
     * @throws UsageFailure                          if the baseline has nothing to compare with
     */
    public static Verdict of(Path candidate, Path baseline, Tolerances tolerances, boolean withProvenance) {
        Verdict verdict = of(ResultsStore.read(candidate), ResultsStore.read(baseline), tolerances);
        if (verdict.findings().stream().allMatch(finding -> finding.outcome() == Outcome.EXTRA_CELL))
            throw new UsageFailure(baseline + ": the baseline has no figures, so nothing can be compared with it");
        return withProvenance ? verdict : verdict.withoutProvenance();
    }

    static Verdict of(StoredResults candidate, StoredResults baseline, Tolerances tolerances) {
        Comparison comparison = new Comparison(tolerances);
        comparison.warnings.addAll(baseline.warnings());
        comparison.warnings.addAll(candidate.warnings());
        Map<CellIdentity, CellResult> before = comparison.byIdentity(baseline, "baseline");
        Map<CellIdentity, CellResult> after = comparison.byIdentity(candidate, "candidate");
        before.forEach((identity, cell) -> comparison.compare(identity, cell, after));
        after.keySet().stream()
                .filter(identity -> !before.containsKey(identity))
                .forEach(identity -> comparison.findings.add(
                        Finding.ofCell(identity, Outcome.EXTRA_CELL, "the baseline has no such cell")));
        return new Verdict(comparison.findings, ProvenanceChange.between(before, after), comparison.warnings);
    }

    /** Of several cells that were asked for alike, as when the protocol was changed between runs, the last. */
    private Map<CellIdentity, CellResult> byIdentity(StoredResults results, String whose) {
        Map<CellIdentity, CellResult> cells = new LinkedHashMap<>();
        for (CellResult cell : results.cells())
            if (cells.put(CellIdentity.of(cell), cell) != null)
                warnings.add(whose + ": " + CellIdentity.of(cell).label()
                        + " stands there more than once, with other inputs or another protocol; the last is used");
        return cells;
    }

    private void compare(CellIdentity identity, CellResult before, Map<CellIdentity, CellResult> candidate) {
        CellResult after = candidate.get(identity);
        if (after == null) {
            findings.add(Finding.ofCell(identity, Outcome.MISSING_CELL, missing(identity, candidate)));
            return;
        }
        if (before.status() == Status.FAILED || after.status() == Status.FAILED) {
            findings.add(Finding.ofCell(identity, Outcome.FAILED_CELL, failed(before, after)));
            return;
        }
        String otherInput = DataCheck.ofCell(before.provenance(), after.provenance());
        if (otherInput.isEmpty()) new FigureComparison(tolerances, identity, before, after).addTo(findings);
        else findings.add(Finding.ofCell(identity, Outcome.CHANGED_DATA, otherInput));
    }

    private static String missing(CellIdentity identity, Map<CellIdentity, CellResult> candidate) {
        Optional<CellIdentity> kin =
                candidate.keySet().stream().filter(identity::isKinTo).findFirst();
        return "the candidate has no such cell"
                + kin.map(other -> "; it has one in which " + identity.differences(other))
                        .orElse("");
    }

    private static String failed(CellResult before, CellResult after) {
        return after.status() == Status.FAILED
                ? "the candidate's cell failed: " + after.error()
                : "the baseline's cell failed, so there is nothing to compare with; make the baseline anew: "
                        + before.error();
    }
}
