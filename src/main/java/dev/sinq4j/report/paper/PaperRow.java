package dev.sinq4j.report.paper;

import dev.sinq4j.paper.Measure;
import dev.sinq4j.paper.PaperNumber;
import dev.sinq4j.paper.PaperTable;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.paper.Verdict.NotReproduced;
import dev.sinq4j.report.paper.Verdict.NotRun;
import dev.sinq4j.report.paper.Verdict.Reproduced;
import dev.sinq4j.report.paper.Verdict.SettingDiffers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One number of a paper beside ours.
 *
 * @param ours   in the same unit; absent if not measured
 * @param stderr standard error of ours
 */
public record PaperRow(
        PaperNumber paper, @Nullable Double ours, @Nullable Double stderr, Verdict verdict) {

    /** Distances a verdict may name, in percent or points. */
    private static final double[] STEPS = {0.1, 0.2, 0.5, 1, 2, 5, 10};

    /** Every number of a table, in its order. */
    public static List<PaperRow> all(PaperTable table, Cells cells) {
        List<PaperRow> rows = new ArrayList<>();
        List<PaperNumber> numbers = table.numbers();
        for (PaperNumber number : numbers) {
            Optional<Measured> ours =
                    number.measure().isAverage() ? average(number, numbers, cells) : find(number, cells);
            rows.add(ours.map(found -> of(number, found, table.within()))
                    .orElse(new PaperRow(number, null, null, new NotRun())));
        }
        return List.copyOf(rows);
    }

    private static PaperRow of(PaperNumber number, Measured ours, double limit) {
        return new PaperRow(number, ours.value(), ours.stderr(), verdict(number, ours, limit));
    }

    private static Verdict verdict(PaperNumber number, Measured ours, double limit) {
        if (!ours.differences().isEmpty()) return new SettingDiffers(ours.differences());
        double distance = Math.abs(difference(number, ours.value()));
        if (!(distance <= limit)) return new NotReproduced();
        for (double step : STEPS) if (distance <= step && step <= limit) return reproduced(number, step);
        return reproduced(number, limit);
    }

    private static Verdict reproduced(PaperNumber number, double within) {
        return new Reproduced(within, number.measure().kind().inPoints());
    }

    /** Ours minus the paper's, in points or as percent of the paper's. */
    private static double difference(PaperNumber number, double ours) {
        double difference = ours - number.value();
        return number.measure().kind().inPoints() ? difference : 100 * difference / number.value();
    }

    /** Of the cells of that model, method and bits the one whose setting is nearest to the paper's. */
    private static Optional<Measured> find(PaperNumber number, Cells cells) {
        return cells.measured().stream()
                .filter(cell -> hubId(cell.model()).equals(number.model())
                        && Measured.isMethod(cell, number.method(), number.bits(), number.presinq()))
                .flatMap(cell -> Measured.of(cell, number.measure(), number.conditions(), cells).stream())
                .min(Comparator.comparingInt(found -> found.differences().size()));
    }

    /** The mean of the neighbours of the same kind, where every one is there. */
    private static Optional<Measured> average(PaperNumber number, List<PaperNumber> numbers, Cells cells) {
        List<Optional<Measured>> parts = numbers.stream()
                .filter(other -> isNeighbour(other, number))
                .map(other -> find(other, cells))
                .toList();
        if (parts.isEmpty() || parts.stream().anyMatch(Optional::isEmpty)) return Optional.empty();
        List<Measured> found = parts.stream().flatMap(Optional::stream).toList();
        List<String> differences = found.stream()
                .flatMap(part -> part.differences().stream())
                .distinct()
                .toList();
        double mean = found.stream().mapToDouble(Measured::value).average().orElseThrow();
        return Optional.of(new Measured(found.getFirst().cell(), mean, null, differences));
    }

    private static boolean isNeighbour(PaperNumber other, PaperNumber number) {
        Measure measure = other.measure();
        return measure.kind() == number.measure().kind()
                && !measure.isAverage()
                && other.model().equals(number.model())
                && other.method().equals(number.method())
                && other.bits() == number.bits()
                && other.presinq() == number.presinq()
                && other.conditions().equals(number.conditions());
    }

    private static String hubId(String model) {
        int revision = model.indexOf('@');
        return revision < 0 || model.startsWith("synthetic:") ? model : model.substring(0, revision);
    }

    /** Ours minus the paper's, in the unit of the measure; absent if ours is. */
    public @Nullable Double difference() {
        return ours == null ? null : ours - paper.value();
    }

    /** The difference as percent of the paper's value; absent if ours is. */
    public @Nullable Double differencePercent() {
        Double difference = difference();
        return difference == null || paper.value() == 0 ? null : 100 * difference / paper.value();
    }

    /** How many rows ended how, in a sentence. */
    public static String summary(List<PaperRow> rows) {
        return rows.size() + " numbers: "
                + Stream.of("reproduced", "not-reproduced", "setting-differs", "not-run")
                        .map(kind -> rows.stream()
                                        .filter(row -> row.verdict.kind().equals(kind))
                                        .count()
                                + " " + words(kind))
                        .reduce((all, next) -> all + ", " + next)
                        .map(Objects::requireNonNull)
                        .orElse("")
                + ".";
    }

    private static String words(String kind) {
        return switch (kind) {
            case "reproduced" -> "reproduced";
            case "not-reproduced" -> "not reproduced";
            case "setting-differs" -> "measured in another setting";
            default -> "not run here";
        };
    }
}
