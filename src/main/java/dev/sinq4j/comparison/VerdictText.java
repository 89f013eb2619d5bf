package dev.sinq4j.comparison;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A verdict for people to read: plain on a terminal, or as Markdown. */
public final class VerdictText {

    private VerdictText() {}

    /** Whatever is not within its tolerance, changed inputs, then the verdict. */
    public static String plain(Verdict verdict) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : verdict.findings())
            if (finding.outcome() != Outcome.WITHIN)
                text.append(heading(finding.outcome()))
                        .append(": ")
                        .append(place(finding))
                        .append(": ")
                        .append(finding.message())
                        .append('\n');
        for (ProvenanceChange change : inputs(verdict))
            text.append("changed input: ").append(sentence(change)).append('\n');
        return text.append(summary(verdict)).toString();
    }

    /**
     * A summary for a pull request: the verdict, a table of what is beyond its tolerance, failures first, and, folded up, of
     * what is within.
     */
    public static String markdown(Verdict verdict) {
        StringBuilder text = new StringBuilder();
        text.append("### Accuracy: ").append(summary(verdict)).append("\n");
        text.append(table(Stream.concat(
                        verdict.findings().stream()
                                .filter(finding -> finding.outcome().isFailure()),
                        verdict.findings().stream()
                                .filter(finding -> !finding.outcome().isFailure()))
                .filter(finding -> finding.outcome() != Outcome.WITHIN)
                .toList()));
        List<Finding> within = verdict.findings().stream()
                .filter(finding -> finding.outcome() == Outcome.WITHIN)
                .toList();
        if (!within.isEmpty())
            text.append("\n<details><summary>")
                    .append(within.size())
                    .append(" within tolerance</summary>\n")
                    .append(table(within))
                    .append("\n</details>\n");
        if (!inputs(verdict).isEmpty()) text.append("\nChanged inputs:\n\n");
        for (ProvenanceChange change : inputs(verdict))
            text.append("- ").append(escaped(sentence(change))).append('\n');
        if (!verdict.warnings().isEmpty()) text.append("\nWarnings:\n\n");
        for (String warning : verdict.warnings())
            text.append("- ").append(escaped(warning)).append('\n');
        return text.toString();
    }

    private static String table(List<Finding> findings) {
        if (findings.isEmpty()) return "";
        return findings.stream()
                .map(VerdictText::row)
                .collect(Collectors.joining("", "\n| outcome | cell | figure | found |\n|---|---|---|---|\n", ""));
    }

    private static String row(Finding finding) {
        String outcome = finding.outcome().isFailure()
                ? "**" + finding.outcome().words() + "**"
                : finding.outcome().words();
        return Stream.of(outcome, escaped(finding.cell()), escaped(finding.figure()), escaped(finding.message()))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Keeps a value in its table cell and its characters as they are. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replace("*", "\\*")
                .replace("`", "\\`")
                .replaceAll("\\R", " ");
    }

    private static String heading(Outcome outcome) {
        return outcome.isFailure() ? outcome.words().toUpperCase(Locale.ROOT) : outcome.words();
    }

    private static String place(Finding finding) {
        return finding.figure().isEmpty() ? finding.cell() : finding.cell() + ": " + finding.figure();
    }

    private static List<ProvenanceChange> inputs(Verdict verdict) {
        List<ProvenanceChange> changes = verdict.provenance();
        return changes == null ? List.of() : changes;
    }

    private static String sentence(ProvenanceChange change) {
        return change.input() + " was " + recorded(change.baseline()) + ", is " + recorded(change.candidate()) + " ("
                + change.cells() + (change.cells() == 1 ? " cell)" : " cells)");
    }

    private static String recorded(@Nullable String value) {
        return value == null ? "not recorded" : value;
    }

    private static String summary(Verdict verdict) {
        String failures = Stream.of(Outcome.values())
                .filter(outcome -> outcome.isFailure() && verdict.count(outcome) > 0)
                .map(outcome -> outcome.words() + " " + verdict.count(outcome))
                .collect(Collectors.joining(", "));
        return (verdict.passed() ? "passed" : "FAILED (" + failures + ")") + ": " + verdict.compared()
                + " figures compared, " + verdict.count(Outcome.IMPROVED) + " improved";
    }
}
