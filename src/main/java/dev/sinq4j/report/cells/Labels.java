package dev.sinq4j.report.cells;

import dev.sinq4j.results.CellResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Short names of cells: the method, and of its settings only those that tell it from another cell of the same model and bits. */
public final class Labels {

    private final List<CellResult> all;

    public Labels(Cells cells) {
        all = Stream.concat(cells.measured().stream(), cells.failed().stream()).toList();
    }

    /** Without bits, such as {@code sinq} or {@code sinq g128}: the name of a line in a chart. */
    public String series(CellResult cell) {
        List<CellResult> alike = all.stream()
                .filter(other -> other.method().equals(cell.method())
                        && other.model().equals(cell.model())
                        && other.bits() == cell.bits())
                .toList();
        List<String> words = new ArrayList<>(List.of(cell.method()));
        if (vary(alike, CellResult::group)) words.add("g" + cell.group());
        if (vary(alike, CellResult::tiling)) words.add(Objects.toString(cell.tiling(), ""));
        if (vary(alike, CellResult::aux)) words.add(Objects.toString(cell.aux(), ""));
        for (String option : options(alike)) {
            if (vary(alike, other -> option(other, option))) words.add(setting(cell, option));
        }
        return String.join(" ", words);
    }

    private static String setting(CellResult cell, String option) {
        Object value = option(cell, option);
        return value == null ? "no " + option : option + "=" + value;
    }

    /** With bits, such as {@code sinq 3-bit}; the dense model is {@code none}. */
    public String full(CellResult cell) {
        return Cells.isDense(cell) ? series(cell) : series(cell) + " " + cell.bits() + "-bit";
    }

    /** The settings beyond the table's own columns, such as {@code tokens=128}; empty if there are none. */
    public static String options(CellResult cell) {
        List<String> words = new ArrayList<>();
        for (String option : options(List.of(cell))) words.add(option + "=" + option(cell, option));
        return String.join(", ", words);
    }

    private static SortedSet<String> options(List<CellResult> cells) {
        TreeSet<String> names = new TreeSet<>();
        for (CellResult cell : cells) {
            Map<String, Object> options = cell.options();
            if (options != null) names.addAll(options.keySet());
        }
        return names;
    }

    private static @Nullable Object option(CellResult cell, String name) {
        Map<String, Object> options = cell.options();
        return options == null ? null : options.get(name);
    }

    private static boolean vary(List<CellResult> cells, Function<CellResult, @Nullable Object> setting) {
        return cells.stream().map(setting).distinct().count() > 1;
    }
}
