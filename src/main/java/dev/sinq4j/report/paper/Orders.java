package dev.sinq4j.report.paper;

import dev.sinq4j.paper.Measure;
import dev.sinq4j.paper.Measure.Kind;
import dev.sinq4j.paper.PaperNumber;
import dev.sinq4j.paper.PaperNumber.Conditions;
import dev.sinq4j.paper.PaperTable;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Quantization;
import dev.sinq4j.results.Metrics.Task;
import dev.sinq4j.statistics.Interval;
import dev.sinq4j.statistics.PairedDifference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The order of a table's methods, whatever the model: what the paper says of two methods of equal bits over all its models,
 * and what the paired measurements here say of the same two. It holds small models against a paper's large ones.
 */
public final class Orders {

    private static final int DENSE_BITS = 16;

    private final PaperTable table;
    private final List<PaperNumber> numbers;
    private final Cells cells;
    private final List<Difference> differences;
    private final List<OrderRow> rows = new ArrayList<>();

    private Orders(PaperTable table, Cells cells, List<Difference> differences) {
        this.table = table;
        this.numbers = table.numbers();
        this.cells = cells;
        this.differences = differences;
    }

    /** A row of a paper's table. */
    private record PaperMethod(String method, String name, int bits, boolean presinq, Conditions conditions) {
        static PaperMethod of(PaperNumber number) {
            return new PaperMethod(
                    number.method(), number.name(), number.bits(), number.presinq(), number.conditions());
        }
    }

    /** How often the first was the lower one. */
    private record Tally(Kind kind, int lower, int comparisons) {}

    /** Every pair that was measured, in the order of the table. */
    public static List<OrderRow> all(PaperTable table, Cells cells, List<Difference> differences) {
        Orders orders = new Orders(table, cells, differences);
        orders.addAll();
        return List.copyOf(orders.rows);
    }

    private void addAll() {
        List<PaperMethod> methods = numbers.stream()
                .map(PaperMethod::of)
                .filter(method -> method.bits() != DENSE_BITS)
                .distinct()
                .toList();
        for (PaperMethod first : methods)
            for (PaperMethod second : methods)
                if (first.bits() == second.bits() && isAsked(first, second, methods)) add(first, second);
    }

    /** Each pair once; where the table makes claims, only pairs that begin with one of the methods claimed for. */
    private boolean isAsked(PaperMethod first, PaperMethod second, List<PaperMethod> methods) {
        boolean later = methods.indexOf(first) < methods.indexOf(second);
        List<String> claims = table.claims();
        if (claims == null) return later;
        if (!claims.contains(first.method())) return false;
        return later ? !first.equals(second) : !claims.contains(second.method());
    }

    private void add(PaperMethod first, PaperMethod second) {
        for (Kind kind : Kind.values()) {
            Tally tally = tally(first, second, kind);
            if (kind == Kind.MEMORY_GB || tally.comparisons() == 0) continue;
            for (String model : cells.models()) {
                Optional<CellResult> one = cell(first, model);
                Optional<CellResult> other = cell(second, model);
                if (one.isPresent() && other.isPresent() && !one.equals(other))
                    compare(first, second, tally, one.get(), other.get());
            }
        }
    }

    private Tally tally(PaperMethod first, PaperMethod second, Kind kind) {
        Map<List<Object>, Double> ofFirst = values(first, kind);
        Map<List<Object>, Double> ofSecond = values(second, kind);
        int lower = 0;
        int comparisons = 0;
        for (Map.Entry<List<Object>, Double> value : ofFirst.entrySet()) {
            Double other = ofSecond.get(value.getKey());
            if (other == null || other.equals(value.getValue())) continue;
            comparisons++;
            if (value.getValue() < other) lower++;
        }
        return new Tally(kind, lower, comparisons);
    }

    private Map<List<Object>, Double> values(PaperMethod method, Kind kind) {
        Map<List<Object>, Double> values = new LinkedHashMap<>();
        for (PaperNumber number : numbers) {
            Measure measure = number.measure();
            if (measure.kind() == kind
                    && !measure.isAverage()
                    && PaperMethod.of(number).equals(method))
                values.put(List.of(number.model(), measure), number.value());
        }
        return values;
    }

    /** The cell of that method and bits whose setting is nearest to the paper's. */
    private Optional<CellResult> cell(PaperMethod wanted, String model) {
        return cells.of(model).stream()
                .filter(cell -> Measured.isMethod(cell, wanted.method(), wanted.bits(), wanted.presinq()))
                .min((one, other) -> Integer.compare(
                        Measured.settings(one, wanted.conditions()).size(),
                        Measured.settings(other, wanted.conditions()).size()));
    }

    private void compare(PaperMethod first, PaperMethod second, Tally tally, CellResult one, CellResult other) {
        switch (tally.kind()) {
            case PERPLEXITY -> comparePerplexity(first, second, tally, one, other);
            case QUANTIZATION_SECONDS -> compareSeconds(first, second, tally, one, other);
            case FLIPS_PERCENT, ACCURACY_PERCENT -> compareAnswers(first, second, tally, one, other);
            case MEMORY_GB -> throw new IllegalArgumentException("sizes are counted, not compared");
        }
    }

    private void comparePerplexity(
            PaperMethod first, PaperMethod second, Tally tally, CellResult one, CellResult other) {
        for (Difference difference : differences) {
            boolean forward =
                    difference.first().equals(one) && difference.second().equals(other);
            boolean backward =
                    difference.first().equals(other) && difference.second().equals(one);
            if (!forward && !backward) continue;
            double mean =
                    forward ? difference.loss().mean() : -difference.loss().mean();
            Interval interval = forward
                    ? difference.loss().interval()
                    : difference.loss().interval().negated();
            rows.add(row(
                    first,
                    second,
                    tally,
                    one,
                    difference.protocol().dataset(),
                    percent(mean),
                    new Interval(percent(interval.low()), percent(interval.high())),
                    difference.loss().size()));
        }
    }

    /** A difference of mean losses as the change of perplexity it makes. */
    private static double percent(double loss) {
        return 100 * Math.expm1(loss);
    }

    private void compareSeconds(PaperMethod first, PaperMethod second, Tally tally, CellResult one, CellResult other) {
        Quantization of = one.metrics().quantization();
        Quantization than = other.metrics().quantization();
        if (of == null || than == null || than.seconds() == 0) return;
        double change = 100 * (of.seconds() / than.seconds() - 1);
        rows.add(row(first, second, tally, one, "", change, null, 1));
    }

    private void compareAnswers(PaperMethod first, PaperMethod second, Tally tally, CellResult one, CellResult other) {
        Map<String, Task> tasks = Objects.requireNonNullElse(one.metrics().tasks(), Map.of());
        for (String task : tasks.keySet().stream().sorted().toList()) {
            Optional<double[]> of = answers(tally.kind(), one, task);
            Optional<double[]> than = answers(tally.kind(), other, task);
            if (of.isEmpty() || than.isEmpty() || of.get().length != than.get().length) continue;
            PairedDifference paired = PairedDifference.of(of.get(), than.get(), Difference.SEED);
            rows.add(row(first, second, tally, one, task, paired.mean(), paired.interval(), paired.size()));
        }
    }

    private Optional<double[]> answers(Kind kind, CellResult cell, String task) {
        return kind == Kind.FLIPS_PERCENT ? Answers.flips(cell, task, cells) : Answers.right(cell, task);
    }

    private static OrderRow row(
            PaperMethod first,
            PaperMethod second,
            Tally tally,
            CellResult cell,
            String subject,
            double change,
            @Nullable Interval interval,
            int items) {
        return new OrderRow(
                first.name(),
                second.name(),
                first.bits(),
                tally.kind(),
                tally.lower(),
                tally.comparisons(),
                cell.model(),
                subject,
                change,
                interval,
                items);
    }
}
