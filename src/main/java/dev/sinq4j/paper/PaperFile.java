package dev.sinq4j.paper;

import dev.sinq4j.config.bind.ConfigNode;
import dev.sinq4j.config.bind.Place;
import dev.sinq4j.config.bind.Problem;
import dev.sinq4j.config.bind.RecordBinder;
import dev.sinq4j.config.bind.YamlReader;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.paper.PaperTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a file with the numbers of one table, strictly: every mistake is reported with its place. */
public final class PaperFile {

    private final List<Problem> problems = new ArrayList<>();

    private PaperFile() {}

    /**
     * The table in a file.
     *
     * @throws UsageFailure with every mistake, one a line
     */
    public static PaperTable read(Path file) {
        return new PaperFile().parse(file.toString(), text(file));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UsageFailure(
                    file + ": the paper's numbers cannot be read ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    private PaperTable parse(String source, String text) {
        Optional<ConfigNode> tree = YamlReader.file(source, text, problems);
        Optional<PaperTable> table =
                tree.flatMap(root -> new RecordBinder(problems, PaperFile::check).bind(root, PaperTable.class));
        if (problems.isEmpty() && table.isPresent()) return table.get();
        throw new UsageFailure(problems.stream()
                .distinct()
                .sorted(Comparator.comparingInt(
                                (Problem problem) -> problem.at().line())
                        .thenComparingInt(problem -> problem.at().column()))
                .map(Problem::toString)
                .collect(Collectors.joining("\n")));
    }

    private static Object check(Object bound, Place place) {
        if (bound instanceof PaperTable table) checkTable(table, place);
        return bound;
    }

    private static void checkTable(PaperTable table, Place place) {
        // an item that could not be made is missing from its list, and places would be off by one
        if (!place.child("rows").hasItems(table.rows().size())) return;
        for (int i = 0; i < table.columns().size(); i++) {
            String column = table.columns().get(i);
            if (Measure.parse(column).isEmpty())
                place.child("columns")
                        .item(i)
                        .report("'" + column + "' is no measure; there are " + Measure.expected());
        }
        Set<List<Object>> seen = new HashSet<>();
        for (int i = 0; i < table.rows().size(); i++) {
            Row row = table.rows().get(i);
            Place here = place.child("rows").item(i);
            if (!seen.add(List.of(row.method(), String.valueOf(row.bits()), row.presinq(), row.setting())))
                here.report("a row of this method, bits, presinq and setting stands twice");
            checkValues(row, table, here.child("values"));
        }
        checkClaims(table, place.child("claims"));
    }

    private static void checkValues(Row row, PaperTable table, Place place) {
        List<String> models = Values.split(row.values(), '|');
        if (models.size() != table.models().size()) {
            place.report("values of " + models.size() + " models, but models names "
                    + table.models().size() + "; put '|' between models");
            return;
        }
        for (String ofModel : models) {
            List<String> values = Values.split(ofModel, '/');
            if (values.size() != table.columns().size())
                place.report("'" + ofModel + "' has " + values.size() + " values, but columns names "
                        + table.columns().size() + "; put '/' between columns");
            for (String value : values)
                if (!Values.isValue(value)) place.report("'" + value + "' is not a number or '-'");
        }
    }

    private static void checkClaims(PaperTable table, Place place) {
        if (table.claims() == null) return;
        for (int i = 0; i < table.claims().size(); i++) {
            String claim = table.claims().get(i);
            if (table.rows().stream().noneMatch(row -> row.method().equals(claim)))
                place.item(i).report("no row has the method '" + claim + "'");
        }
    }
}
