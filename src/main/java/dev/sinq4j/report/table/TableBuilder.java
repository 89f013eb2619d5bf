package dev.sinq4j.report.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Fills a table from a list of records, a column at a time. A column in which nothing was measured is left out. */
final class TableBuilder<R> {

    private final String name;
    private final String title;
    private final List<R> rows;
    private final Table data;
    private final List<Column> columns = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    TableBuilder(String name, String title, List<R> rows) {
        this.name = name;
        this.title = title;
        this.rows = rows;
        this.data = Table.create(name);
    }

    /** Text, shown. */
    void text(String key, String heading, Function<R, @Nullable String> value) {
        if (textData(key, value)) columns.add(Column.text(key, heading));
    }

    /** Text of the CSV file only. */
    boolean textData(String key, Function<R, @Nullable String> value) {
        StringColumn column = StringColumn.create(key);
        for (R row : rows) {
            String text = value.apply(row);
            if (text == null || text.isEmpty()) column.appendMissing();
            else column.append(text);
        }
        return keep(column.countMissing() < rows.size(), column);
    }

    /** Numbers, shown. */
    void number(Column column, Function<R, @Nullable Double> value) {
        if (numberData(column.key(), value)) columns.add(column);
    }

    /** Numbers the shown columns refer to, or of the CSV file only. */
    boolean numberData(String key, Function<R, @Nullable Double> value) {
        DoubleColumn column = DoubleColumn.create(key);
        for (R row : rows) {
            Double number = value.apply(row);
            if (number == null) column.appendMissing();
            else column.append(number);
        }
        return keep(true, column);
    }

    /** Whole numbers, shown. */
    void whole(Column column, Function<R, @Nullable Number> value) {
        if (wholeData(column.key(), value)) columns.add(column);
    }

    /** Whole numbers of the CSV file only. */
    boolean wholeData(String key, Function<R, @Nullable Number> value) {
        LongColumn column = LongColumn.create(key);
        for (R row : rows) {
            Number number = value.apply(row);
            if (number == null) column.appendMissing();
            else column.append(number.longValue());
        }
        return keep(true, column);
    }

    private boolean keep(boolean wanted, tech.tablesaw.columns.Column<?> column) {
        boolean kept = wanted && column.countMissing() < rows.size();
        if (kept) data.addColumns(column);
        return kept;
    }

    void note(String note) {
        if (!notes.contains(note)) notes.add(note);
    }

    ReportTable build(Function<R, String> group) {
        List<Column> complete = columns.stream().map(this::withoutMissingSpread).toList();
        return new ReportTable(
                name, title, data, complete, rows.stream().map(group).toList(), notes);
    }

    private Column withoutMissingSpread(Column column) {
        boolean there = switch (column.spread()) {
            case null -> true;
            case Column.Spread.PlusMinus(String key) -> data.containsColumn(key);
            case Column.Spread.Between(String low, String high) ->
                data.containsColumn(low) && data.containsColumn(high);
        };
        return there
                ? column
                : new Column(column.key(), column.heading(), column.better(), column.ranked(), column.numeral(), null);
    }
}
