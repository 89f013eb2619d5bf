package dev.sinq4j.config;

import dev.sinq4j.config.bind.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is made from an experiment's results. */
public record ReportConfig(
        @Setting(value = "Formats of the tables", fallback = "[md, csv, tex]", minItems = 0, oneOrMany = true)
        List<TableFormat> tables,

        @Setting(value = "Formats of the figures", fallback = "[svg, png, pdf]", minItems = 0, oneOrMany = true)
        List<FigureFormat> figures,

        @Setting(value = "Whether to write report.html", fallback = "true")
        boolean page,

        @Setting("Table of the paper to set beside, such as table-1, or a file with its numbers") @Nullable
        String paper) {

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
