package dev.sinq4j.report.table;

import dev.sinq4j.paper.Measure.Kind;
import dev.sinq4j.paper.PaperTable;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.paper.OrderRow;
import dev.sinq4j.report.paper.Orders;
import dev.sinq4j.report.paper.PaperRow;
import dev.sinq4j.report.table.Column.Spread.Between;
import dev.sinq4j.report.table.Column.Spread.PlusMinus;
import dev.sinq4j.statistics.Interval;
import dev.sinq4j.statistics.PairedDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables of a paper beside ours: every number with its verdict, and the order of the methods. */
public final class PaperTables {

    private PaperTables() {}

    /** What can be said of some tables of a paper; empty if there are none. */
    public static List<ReportTable> of(List<PaperTable> papers, Cells cells, List<Difference> differences) {
        List<ReportTable> tables = new ArrayList<>();
        if (papers.isEmpty()) return tables;
        tables.add(numbers(papers, cells));
        List<OrderRow> orders = papers.stream()
                .flatMap(paper -> Orders.all(paper, cells, differences).stream())
                .distinct()
                .toList();
        if (!orders.isEmpty()) tables.add(orders(papers, orders));
        return tables;
    }

    private static ReportTable numbers(List<PaperTable> papers, Cells cells) {
        List<PaperRow> rows = papers.stream()
                .flatMap(paper -> PaperRow.all(paper, cells).stream())
                .toList();
        TableBuilder<PaperRow> table = new TableBuilder<>("paper", "Paper and ours: " + places(papers), rows);
        if (papers.size() > 1) table.text("place", "place", row -> row.paper().place());
        else table.textData("place", row -> row.paper().place());
        table.text("model", "model", row -> row.paper().model());
        table.text("measure", "measure", row -> row.paper().measure().title());
        table.text("name", "method", row -> row.paper().name());
        table.textData("method", row -> row.paper().method());
        table.whole(
                Column.number("bits", "bits", value -> Numerals.fixed(value, 0)),
                row -> row.paper().bits());
        table.number(
                Column.number("paper", "paper", value -> Numerals.fixed(value, 2)),
                row -> row.paper().value());
        table.number(
                Column.number("ours", "ours", Numerals::perplexity).with(new PlusMinus("ours_stderr")), PaperRow::ours);
        table.numberData("ours_stderr", PaperRow::stderr);
        table.number(
                Column.number("difference", "ours − paper", value -> Numerals.signed(value, 3)), PaperRow::difference);
        table.number(
                Column.number("difference_percent", "difference (%)", value -> Numerals.signed(value, 2)),
                PaperRow::differencePercent);
        table.textData("verdict_kind", row -> row.verdict().kind());
        table.text("verdict", "verdict", row -> row.verdict().text());
        for (PaperTable paper : papers)
            table.note("Paper: " + paper.source().text() + ", " + paper.title() + ". Reproduced: measured in the same"
                    + " setting and at most " + Numerals.significant(paper.within(), 2)
                    + " % of the paper's figure away (flips and accuracies: as many points).");
        table.note(PaperRow.summary(rows));
        return table.build(row -> row.paper().place() + "\n" + row.paper().model() + "\n"
                + row.paper().measure().title());
    }

    private static ReportTable orders(List<PaperTable> papers, List<OrderRow> rows) {
        TableBuilder<OrderRow> table = new TableBuilder<>(
                "paper-order", "Order of the methods, in the paper and here: " + places(papers), rows);
        Set<String> models = rows.stream().map(OrderRow::model).collect(Collectors.toCollection(TreeSet::new));
        if (models.size() > 1) table.text("model", "model", OrderRow::model);
        else table.textData("model", OrderRow::model);
        table.text("measure", "measure", row -> measure(row.kind()));
        table.text("subject", "here on", OrderRow::subject);
        table.whole(Column.number("bits", "bits", value -> Numerals.fixed(value, 0)), OrderRow::bits);
        table.text("first", "first", OrderRow::first);
        table.text("second", "second", OrderRow::second);
        table.text("paper_lower", "first lower in the paper", OrderRow::paperText);
        table.number(
                Column.number("change", "first − second, here", value -> Numerals.signed(value, 2))
                        .with(new Between("change_low", "change_high")),
                OrderRow::change);
        table.numberData("change_low", bound(Interval::low));
        table.numberData("change_high", bound(Interval::high));
        table.text("unit", "unit", row -> row.kind().inPoints() ? "points" : "%");
        table.whole(Column.number("items", "n", value -> Numerals.fixed(value, 0)), OrderRow::items);
        table.text("finding", "finding", row -> row.finding().text());
        if (models.size() == 1) table.note("Here: " + rows.getFirst().model() + ".");
        table.note("First lower in the paper: of its models and texts or tasks, without ties. Here: change of the first"
                + " against the second on the same windows or questions, "
                + Numerals.fixed(100 * PairedDifference.LEVEL, 0)
                + " % paired bootstrap interval, seed " + Difference.SEED
                + "; open: the interval holds zero. n: windows or questions. Times are measured once and have"
                + " no interval.");
        table.note(OrderRow.summary(rows));
        return table.build(row -> row.model() + "\n" + row.kind() + "\n" + row.subject() + "\n" + row.bits());
    }

    private static Function<OrderRow, @Nullable Double> bound(Function<Interval, Double> end) {
        return row -> row.interval() == null ? null : end.apply(row.interval());
    }

    private static String measure(Kind kind) {
        return kind.label().replaceFirst("-percent$", "").replaceFirst("-seconds$", " time");
    }

    private static String places(List<PaperTable> papers) {
        return papers.stream().map(paper -> paper.source().place()).distinct().collect(Collectors.joining(", "));
    }
}
