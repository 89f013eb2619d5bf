package dev.sinq4j.report;

import java.util.List;

/**
 * What a report consists of.
 *
 * @param page whether to write {@code report.html}
 */
public record ReportSettings(List<TableFormat> tables, List<FigureFormat> figures, boolean page) {

    /** Everything. */
    public static final ReportSettings ALL =
            new ReportSettings(List.of(TableFormat.values()), List.of(FigureFormat.values()), true);

    public ReportSettings {
        tables = tables.stream().distinct().toList();
        figures = figures.stream().distinct().toList();
    }

    /** File formats of a table. */
    public enum TableFormat {
        MD,
        CSV,
        TEX
    }

    /** File formats of a figure. */
    public enum FigureFormat {
        SVG,
        PNG,
        PDF
    }
}
