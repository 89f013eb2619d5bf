package dev.sinq4j.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a comparison.
 *
 * @param findings   in the order of the baseline's cells, extra cells last
 * @param provenance inputs that changed; null if nobody asked
 * @param warnings   about the results files
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verdict(List<Finding> findings, @Nullable List<ProvenanceChange> provenance, List<String> warnings) {

    public Verdict {
        findings = List.copyOf(findings);
        warnings = List.copyOf(warnings);
    }

    /** Whether the gate is open. */
    @JsonProperty("passed")
    public boolean passed() {
        return failures() == 0;
    }

    /** Findings that fail the gate. */
    @JsonProperty("failures")
    public long failures() {
        return findings.stream()
                .filter(finding -> finding.outcome().isFailure())
                .count();
    }

    /** Figures whose two values were compared. */
    @JsonProperty("compared")
    public long compared() {
        return count(Outcome.WITHIN) + count(Outcome.IMPROVED) + count(Outcome.REGRESSION);
    }

    long count(Outcome outcome) {
        return findings.stream().filter(finding -> finding.outcome() == outcome).count();
    }

    Verdict withoutProvenance() {
        return new Verdict(findings, null, warnings);
    }
}
