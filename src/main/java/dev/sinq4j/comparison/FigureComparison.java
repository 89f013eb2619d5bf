package dev.sinq4j.comparison;

import dev.sinq4j.results.CellResult;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares the figures of one cell that both runs have finished. */
record FigureComparison(Tolerances tolerances, CellIdentity cell, CellResult before, CellResult after) {

    void addTo(List<Finding> findings) {
        List<Figure> candidates = Figures.of(after.metrics());
        List<Figure> baselines = Figures.of(before.metrics());
        for (Figure figure : baselines) {
            Tolerance tolerance = tolerances.of(figure.metric());
            if (tolerance == null) continue;
            Optional<Figure> candidate = find(candidates, figure);
            findings.add(
                    candidate.isPresent()
                            ? compare(figure, candidate.get(), tolerance)
                            : Finding.ofFigure(
                                    cell, figure, Outcome.MISSING_FIGURE, "the candidate did not measure it"));
        }
        for (Figure figure : candidates)
            if (tolerances.of(figure.metric()) != null
                    && find(baselines, figure).isEmpty())
                findings.add(Finding.ofFigure(cell, figure, Outcome.EXTRA_FIGURE, "the baseline did not measure it"));
    }

    private static Optional<Figure> find(List<Figure> figures, Figure wanted) {
        return figures.stream().filter(wanted::isSameAs).findFirst();
    }

    private Finding compare(Figure baseline, Figure candidate, Tolerance tolerance) {
        String data = baseline.dataset().isEmpty()
                ? ""
                : DataCheck.ofDataset(baseline.dataset(), before.provenance(), after.provenance());
        if (!data.isEmpty()) return Finding.ofFigure(cell, baseline, Outcome.CHANGED_DATA, data);
        String protocol = InWords.changes(baseline.protocol(), candidate.protocol());
        if (!protocol.isEmpty()) return Finding.ofFigure(cell, baseline, Outcome.CHANGED_PROTOCOL, protocol);
        Change change = Change.of(baseline, candidate);
        return new Finding(
                cell.label(),
                baseline.name(),
                outcome(change, tolerance),
                message(change, tolerance),
                change.isFinite() ? change : null);
    }

    private static Outcome outcome(Change change, Tolerance tolerance) {
        if (!tolerance.allows(change)) return Outcome.REGRESSION;
        return tolerance.allows(change.reversed()) ? Outcome.WITHIN : Outcome.IMPROVED;
    }

    private static String message(Change change, Tolerance tolerance) {
        String worse = change.worsening() > 0 ? "worse" : "better";
        String amount = change.worsening() == 0
                ? "equal"
                : String.format(
                        Locale.ROOT,
                        "%s by %.3g (%.3g %%)",
                        worse,
                        Math.abs(change.worsening()),
                        Math.abs(100 * change.relative()));
        return String.format(
                Locale.ROOT,
                "%.6g, was %.6g: %s%s; allowed %s",
                change.candidate(),
                change.baseline(),
                amount,
                noise(change.noise()),
                tolerance.words());
    }

    private static String noise(Change.@Nullable Noise noise) {
        if (noise == null || noise.worsening() == 0 || noise.standardError() == 0) return "";
        String errors = String.format(
                Locale.ROOT, ", %.2g standard errors", Math.abs(noise.worsening()) / noise.standardError());
        if (noise.low() == null || noise.high() == null) return errors;
        return errors
                + String.format(
                        Locale.ROOT,
                        ", mean worsening of %d pairs %.3g [%.3g, %.3g]",
                        noise.items(),
                        noise.worsening(),
                        noise.low(),
                        noise.high())
                + (noise.mcNemar() == null ? "" : String.format(Locale.ROOT, ", McNemar p %.2g", noise.mcNemar()));
    }
}
