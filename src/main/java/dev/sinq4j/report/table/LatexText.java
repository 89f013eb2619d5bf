package dev.sinq4j.report.table;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A table as LaTeX for the packages booktabs and graphicx or, from {@link #LONG} rows on, longtable. Best values are bold,
 * second best underlined, uncertainties small; groups of rows are set apart; a floating table wider than the text is made to
 * fit.
 */
public final class LatexText {

    /** Rows from which a table may break across pages. */
    private static final int LONG = 50;

    private LatexText() {}

    /** A table environment, to be taken in by {@code \input}. */
    public static String of(ReportTable table) {
        boolean isLong = table.data().rowCount() >= LONG;
        String head = "% needs \\usepackage{booktabs," + (isLong ? "longtable" : "graphicx") + "}\n";
        return head + (isLong ? longTable(table) : floating(table));
    }

    private static String floating(ReportTable table) {
        return "\\begin{table}\n\\centering\n\\caption{" + escape(table.title()) + "}\n\\label{tab:" + table.name()
                + "}\n"
                + "\\footnotesize\\setlength{\\tabcolsep}{3pt}\n"
                + "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n"
                + "\\begin{tabular}{" + alignment(table) + "}\n\\toprule\n"
                + headings(table) + "\\midrule\n" + rows(table) + "\\bottomrule\n\\end{tabular}}\n"
                + notes(table) + "\\end{table}\n";
    }

    /** In smaller print and closer than others, for what breaks across pages cannot be made to fit. */
    private static String longTable(ReportTable table) {
        return "\\begingroup\n\\scriptsize\\setlength{\\tabcolsep}{2pt}\n\\begin{longtable}{" + alignment(table)
                + "}\n\\caption{"
                + escape(table.title()) + "}\\label{tab:" + table.name() + "}\\\\\n\\toprule\n" + headings(table)
                + "\\midrule\n\\endfirsthead\n\\toprule\n" + headings(table)
                + "\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n"
                + rows(table) + "\\end{longtable}\n" + notes(table) + "\\endgroup\n";
    }

    private static String alignment(ReportTable table) {
        return table.numeric().stream().map(number -> number ? "r" : "l").collect(Collectors.joining());
    }

    /** Units stand in a second line, so that columns stay narrow. */
    private static String headings(ReportTable table) {
        List<String> headings = table.headings();
        List<String> first = headings.stream()
                .map(heading -> unitStart(heading) < 0 ? heading : heading.substring(0, unitStart(heading)))
                .toList();
        List<String> second = headings.stream()
                .map(heading -> unitStart(heading) < 0 ? "" : heading.substring(unitStart(heading)))
                .toList();
        String line = join(first.stream().map(LatexText::escape).toList());
        boolean units = second.stream().anyMatch(unit -> !unit.isEmpty());
        return units ? line + join(second.stream().map(LatexText::escape).toList()) : line;
    }

    /** Where a heading's second line begins: its unit, or what follows a comma; -1 if it has one line. */
    private static int unitStart(String heading) {
        int parenthesis = heading.indexOf(" (");
        int comma = heading.indexOf(", ");
        if (comma >= 0) return comma + 1;
        return parenthesis;
    }

    private static String rows(ReportTable table) {
        StringBuilder text = new StringBuilder();
        List<List<Entry>> rows = table.rows();
        for (int row = 0; row < rows.size(); row++) {
            if (table.startsGroup(row)) text.append("\\addlinespace\n");
            text.append(join(rows.get(row).stream().map(LatexText::entry).toList()));
        }
        return text.toString();
    }

    private static String join(List<String> cells) {
        return String.join(" & ", cells) + " \\\\\n";
    }

    private static String entry(Entry entry) {
        String value = escape(entry.shownText());
        String ranked = switch (entry.rank()) {
            case BEST -> "\\textbf{" + value + "}";
            case SECOND -> "\\underline{" + value + "}";
            case OTHER -> value;
        };
        return entry.spread() == null ? ranked : ranked + " {\\tiny " + escape(entry.shownSpread()) + "}";
    }

    private static String notes(ReportTable table) {
        return table.notes().stream()
                .map(note -> "\\par\\smallskip{\\scriptsize " + escape(note) + "\\par}\n")
                .collect(Collectors.joining());
    }

    /** Text with everything LaTeX would take for a command made plain. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(code -> escaped.append(escape(code)));
        return escaped.toString();
    }

    private static String escape(int code) {
        return switch (code) {
            case '\\' -> "\\textbackslash{}";
            case '~' -> "\\textasciitilde{}";
            case '^' -> "\\textasciicircum{}";
            case '<' -> "\\textless{}";
            case '>' -> "\\textgreater{}";
            case '|' -> "\\textbar{}";
            case '"' -> "\\texttt{\\char34}";
            case '&', '%', '$', '#', '_', '{', '}' -> "\\" + (char) code;
            case '±' -> "$\\pm$";
            case 'Δ' -> "$\\Delta$";
            case '−' -> "$-$";
            case '∞' -> "$\\infty$";
            case '↓' -> "$\\downarrow$";
            case '↑' -> "$\\uparrow$";
            case '†' -> "\\dag{}";
            case '\u202f' -> "\\,";
            default -> Character.toString(code);
        };
    }
}
