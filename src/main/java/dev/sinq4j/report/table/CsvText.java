package dev.sinq4j.report.table;

import java.io.StringWriter;
import tech.tablesaw.io.csv.CsvWriteOptions;

/** A table as CSV: every column of the data with all its digits, empty where nothing was measured. */
public final class CsvText {

    private CsvText() {}

    /** Comma-separated, lines ended by a newline, keys as header. */
    public static String of(ReportTable table) {
        StringWriter text = new StringWriter();
        table.data()
                .write()
                .usingOptions(
                        CsvWriteOptions.builder(text).header(true).lineEnd("\n").build());
        return text.toString();
    }
}
