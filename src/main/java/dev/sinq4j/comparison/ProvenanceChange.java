package dev.sinq4j.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An input that was another in the baseline.
 *
 * @param input    such as {@code version}, {@code seed} or {@code dataset wikitext2}
 * @param baseline absent where it was not recorded
 * @param cells    how many cells it concerns
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProvenanceChange(
        String input, @Nullable String baseline, @Nullable String candidate, int cells) {

    /** The changed inputs of cells that both runs have; equal changes of several cells are one. */
    static List<ProvenanceChange> between(
            Map<CellIdentity, CellResult> baseline, Map<CellIdentity, CellResult> candidate) {
        Map<ProvenanceChange, Integer> cells = new LinkedHashMap<>();
        baseline.forEach((identity, before) -> {
            CellResult after = candidate.get(identity);
            if (after != null)
                changed(inputs(before.provenance()), inputs(after.provenance()))
                        .forEach(change -> cells.merge(change, 1, Integer::sum));
        });
        List<ProvenanceChange> changes = new ArrayList<>();
        cells.forEach((change, count) ->
                changes.add(new ProvenanceChange(change.input, change.baseline, change.candidate, count)));
        return changes;
    }

    private static List<ProvenanceChange> changed(Map<String, String> before, Map<String, String> after) {
        Set<String> inputs = new LinkedHashSet<>(before.keySet());
        inputs.addAll(after.keySet());
        return inputs.stream()
                .filter(input -> !Objects.equals(before.get(input), after.get(input)))
                .map(input -> new ProvenanceChange(input, before.get(input), after.get(input), 0))
                .toList();
    }

    /** Everything that went into a cell; when and by which command line is no input. */
    private static Map<String, String> inputs(Provenance provenance) {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("version", provenance.version());
        if (provenance.gitCommit() != null) inputs.put("git commit", provenance.gitCommit());
        inputs.put("reference commit", provenance.referenceCommit());
        inputs.put("configuration (resolved, sha256)", provenance.configSha256());
        inputs.put("seed", String.valueOf(provenance.seed()));
        inputs.put("backend", provenance.backend());
        inputs.put("kernels", provenance.kernels());
        inputs.put("threads", String.valueOf(provenance.threads()));
        inputs.put("jdk", provenance.jdk());
        inputs.put("device", provenance.device());
        inputs.put("host", provenance.host());
        inputs.put("os", provenance.os());
        sums(provenance.modelSha256()).forEach((file, sum) -> inputs.put("model file " + file, sum));
        sums(provenance.datasetSha256()).forEach((dataset, sum) -> inputs.put("dataset " + dataset, sum));
        return inputs;
    }

    /** Hashes in the order of their names; lines of old files may lack them. */
    static Map<String, String> sums(@Nullable Map<String, String> sums) {
        return sums == null ? Map.of() : new TreeMap<>(sums);
    }
}
