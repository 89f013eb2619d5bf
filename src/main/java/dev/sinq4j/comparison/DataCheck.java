package dev.sinq4j.comparison;

import dev.sinq4j.results.Provenance;
import java.util.Map;
import java.util.Objects;

/** Whether two cells saw the same data, by the hashes in their provenance. */
final class DataCheck {

    private static final String CALIBRATION = "calibration";

    private DataCheck() {}

    /** What differs of the data that every figure of a cell depends on: model files and calibration text; empty if nothing. */
    static String ofCell(Provenance before, Provenance after) {
        String model = InWords.changes(
                ProvenanceChange.sums(before.modelSha256()), ProvenanceChange.sums(after.modelSha256()));
        if (!model.isEmpty()) return "the model's files differ: " + model;
        return ofDataset(CALIBRATION, before, after);
    }

    /** What differs of a text or task; empty if nothing. */
    static String ofDataset(String name, Provenance before, Provenance after) {
        String first = ProvenanceChange.sums(before.datasetSha256()).get(name);
        String second = ProvenanceChange.sums(after.datasetSha256()).get(name);
        if (Objects.equals(first, second)) return "";
        String change = InWords.changes(
                first == null ? Map.of() : Map.of("SHA-256", first),
                second == null ? Map.of() : Map.of("SHA-256", second));
        return "the data '" + name + "' differ: " + change;
    }
}
