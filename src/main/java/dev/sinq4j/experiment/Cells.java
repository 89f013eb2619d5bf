package dev.sinq4j.experiment;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.MethodConfig;
import dev.sinq4j.config.MethodSettings;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The cells of a configuration. */
public final class Cells {

    private static final Map<String, Function<Cell, String>> FIELDS = fields();

    private Cells() {}

    /** Every model by every method, the dense model first; cells that say the same are one. */
    public static List<Cell> of(ExperimentConfig config) {
        Set<Cell> cells = new LinkedHashSet<>();
        for (ModelConfig model : config.models()) {
            List<Cell> ofModel = new ArrayList<>();
            for (MethodConfig methods : config.methods())
                for (MethodSettings settings : methods.cells()) ofModel.add(cell(model, settings));
            ofModel.stream().filter(cell -> cell.isDenseModel()).forEach(cells::add);
            cells.addAll(ofModel);
        }
        return List.copyOf(cells);
    }

    private static Cell cell(ModelConfig model, MethodSettings settings) {
        Method method = settings.resolve();
        return new Cell(
                model,
                method,
                method.needsCalibration() ? settings.calibration() : null,
                settings.presinq() == null ? null : settings.presinq().settings(),
                settings.head());
    }

    /**
     * The cells a user asked for.
     *
     * @param only {@code KEY=VALUE}: values of one key add up, different keys narrow
     * @throws UsageFailure for an unknown key, or if nothing is left
     */
    public static List<Cell> only(List<Cell> cells, List<String> only) {
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        for (String pair : only) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0 || !FIELDS.containsKey(key))
                throw new UsageFailure("--only " + pair + ": expected KEY=VALUE with a key out of "
                        + String.join(", ", FIELDS.keySet()));
            wanted.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(pair.substring(equals + 1));
        }
        List<Cell> left = cells.stream()
                .filter(cell -> wanted.entrySet().stream()
                        .allMatch(each -> each.getValue()
                                .contains(FIELDS.get(each.getKey()).apply(cell))))
                .toList();
        if (left.isEmpty())
            throw new UsageFailure(
                    "--only " + String.join(" ", only) + ": none of the " + cells.size() + " cells is like that");
        return left;
    }

    /** Every {@code of}-th cell, beginning with number {@code index}, counted from 1. */
    public static List<Cell> shard(List<Cell> cells, int index, int of) {
        List<Cell> mine = new ArrayList<>();
        for (int i = index - 1; i < cells.size(); i += of) mine.add(cells.get(i));
        return mine;
    }

    private static Map<String, Function<Cell, String>> fields() {
        Map<String, Function<Cell, String>> fields = new LinkedHashMap<>();
        fields.put("model", cell -> cell.model().source());
        fields.put("method", cell -> cell.method().name());
        fields.put("bits", cell -> String.valueOf(cell.method().bits()));
        fields.put("group", cell -> String.valueOf(cell.method().group()));
        fields.put(
                "tiling",
                cell -> cell.method().tiling() == null
                        ? ""
                        : cell.method().tiling().label());
        fields.put(
                "aux",
                cell -> cell.method().aux() == null ? "" : cell.method().aux().label());
        return fields;
    }
}
