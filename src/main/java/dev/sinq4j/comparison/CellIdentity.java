package dev.sinq4j.comparison;

import dev.sinq4j.results.CellResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What makes cells of two runs the same cell: what was asked for, whatever came of it.
 *
 * @param options further settings, in words
 */
record CellIdentity(
        String model, String method, int bits, String group, String tiling, String aux, Map<String, String> options) {

    private static final String NONE = "";

    static CellIdentity of(CellResult cell) {
        Map<String, String> options = new TreeMap<>();
        if (cell.options() != null) cell.options().forEach((key, value) -> options.put(key, String.valueOf(value)));
        return new CellIdentity(
                cell.model(),
                cell.method(),
                cell.bits(),
                cell.group() == null ? NONE : String.valueOf(cell.group()),
                Objects.requireNonNullElse(cell.tiling(), NONE),
                Objects.requireNonNullElse(cell.aux(), NONE),
                Map.copyOf(options));
    }

    /** Such as {@code sinq 3 bits, group 64, 1d, int8 on models/apertus}. */
    String label() {
        String settings = settings().entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> switch (each.getKey()) {
                    case "tiling", "aux" -> each.getValue();
                    default -> each.getKey() + " " + each.getValue();
                })
                .collect(Collectors.joining(", "));
        String bitsAndSettings =
                method.equals("none") ? "" : " " + bits + " bits" + (settings.isEmpty() ? "" : ", " + settings);
        return method + bitsAndSettings + " on " + model;
    }

    /** Whether another cell is the same method at the same bits, so that one may have become the other. */
    boolean isKinTo(CellIdentity other) {
        return model.equals(other.model) && method.equals(other.method) && bits == other.bits;
    }

    /** The settings that differ, such as {@code group 64 is 128}. */
    String differences(CellIdentity other) {
        Map<String, String> mine = settings();
        Map<String, String> theirs = other.settings();
        return InWords.changes(mine, theirs);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("group", group);
        settings.put("tiling", tiling);
        settings.put("aux", aux);
        settings.putAll(new TreeMap<>(options));
        return settings;
    }
}
