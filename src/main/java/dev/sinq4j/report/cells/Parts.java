package dev.sinq4j.report.cells;

import dev.sinq4j.results.CellResult;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which of the parts that the SINQ reference composes its methods from a cell has. The reference's names confound them: its
 * {@code sinq} is Sinkhorn scales with 8-bit auxiliaries.
 *
 * @param has the parts that are on
 */
public record Parts(Set<Part> has) {

    /** A part that is on or off whatever the others are. */
    public enum Part {
        SINKHORN("Sinkhorn scales"),
        SEARCH("activation search"),
        HQQ("HQQ rounding"),
        INT8("8-bit auxiliaries");

        private final String label;

        Part(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private static final Map<String, Set<Part>> BY_METHOD = Map.of(
            "rtn", Set.of(),
            "reference-hqq", Set.of(Part.HQQ),
            "awq-l1", Set.of(Part.SEARCH),
            "awq-l1-hqq", Set.of(Part.SEARCH, Part.HQQ),
            "sinq", Set.of(Part.SINKHORN),
            "sinq-hqq", Set.of(Part.SINKHORN, Part.HQQ),
            "asinq", Set.of(Part.SINKHORN, Part.SEARCH),
            "asinq-hqq", Set.of(Part.SINKHORN, Part.SEARCH, Part.HQQ));

    public Parts {
        has = Set.copyOf(has);
    }

    /** The parts of a cell; empty where its method is none of the reference's asymmetric uniform ones, or has a further setting. */
    public static Optional<Parts> of(CellResult cell) {
        Map<String, Object> options = cell.options();
        boolean further =
                options != null && !options.keySet().stream().allMatch(name -> name.startsWith("calibration"));
        if (further) return Optional.empty();
        Set<Part> ofMethod = BY_METHOD.get(cell.method());
        String aux = cell.aux();
        if (ofMethod == null || aux == null || !(aux.equals("fp16") || aux.equals("int8"))) return Optional.empty();
        Set<Part> parts = EnumSet.noneOf(Part.class);
        parts.addAll(ofMethod);
        if (aux.equals("int8")) parts.add(Part.INT8);
        return Optional.of(new Parts(parts));
    }

    /** The same with one part added. */
    public Parts with(Part part) {
        Set<Part> more = EnumSet.of(part);
        more.addAll(has);
        return new Parts(more);
    }

    /** In words; {@code nothing else} without any. */
    public String text() {
        List<String> words = new ArrayList<>();
        for (Part part : Part.values()) if (has.contains(part)) words.add(part.label());
        return words.isEmpty() ? "nothing else" : String.join(" + ", words);
    }
}
