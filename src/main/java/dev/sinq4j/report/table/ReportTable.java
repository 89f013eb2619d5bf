package dev.sinq4j.report.table;

import dev.sinq4j.report.table.Column.Spread;
import dev.sinq4j.report.table.Entry.Rank;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/**
 * A table of a report.
 *
 * @param name    of its files
 * @param title   one line
 * @param data    every value with all its digits, one row a line
 * @param columns what is shown of it
 * @param groups  one a row; rows of equal group stand together and compete
 * @param notes   protocols and whatever else belongs under the table
 */
public record ReportTable(
        String name, String title, Table data, List<Column> columns, List<String> groups, List<String> notes) {

    public ReportTable {
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
        notes = List.copyOf(notes);
    }

    /** Headings with their arrows. */
    public List<String> headings() {
        return columns.stream()
                .map(column -> (column.heading() + " " + column.better().arrow()).strip())
                .toList();
    }

    /** For each shown column, whether it holds numbers. */
    public List<Boolean> numeric() {
        return columns.stream().map(column -> column.numeral() != null).toList();
    }

    /** The shown rows. */
    public List<List<Entry>> rows() {
        List<Rank[]> ranks = columns.stream().map(this::ranks).toList();
        List<List<Entry>> rows = new ArrayList<>();
        for (int row = 0; row < data.rowCount(); row++) {
            List<Entry> entries = new ArrayList<>();
            for (int column = 0; column < columns.size(); column++) {
                entries.add(entry(columns.get(column), row, ranks.get(column)[row]));
            }
            rows.add(List.copyOf(entries));
        }
        return rows;
    }

    /** Whether a row begins a new group. */
    public boolean startsGroup(int row) {
        return row > 0 && !groups.get(row).equals(groups.get(row - 1));
    }

    private Rank[] ranks(Column column) {
        double[] values = new double[data.rowCount()];
        for (int row = 0; row < values.length; row++) {
            Double value = column.ranked() ? value(column.key(), row) : null;
            values[row] = value == null ? Double.NaN : value;
        }
        return Ranking.of(values, groups, column.better());
    }

    private Entry entry(Column column, int row, Rank rank) {
        DoubleFunction<String> numeral = column.numeral();
        if (numeral == null) return new Entry(data.stringColumn(column.key()).get(row), null, Rank.OTHER, null);
        Double value = value(column.key(), row);
        if (value == null) return new Entry("", null, Rank.OTHER, null);
        return new Entry(numeral.apply(value), spread(column.spread(), numeral, row), rank, value);
    }

    private @Nullable String spread(@Nullable Spread spread, DoubleFunction<String> numeral, int row) {
        return switch (spread) {
            case null -> null;
            case Spread.PlusMinus(String key) -> {
                Double value = value(key, row);
                yield value == null ? null : "\u00b1" + numeral.apply(value);
            }
            case Spread.Between(String lowKey, String highKey) -> {
                Double low = value(lowKey, row);
                Double high = value(highKey, row);
                yield low == null || high == null ? null : "[" + numeral.apply(low) + ", " + numeral.apply(high) + "]";
            }
        };
    }

    private @Nullable Double value(String key, int row) {
        NumericColumn<?> column = data.numberColumn(key);
        return column.isMissing(row) ? null : column.getDouble(row);
    }
}
