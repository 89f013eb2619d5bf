package dev.sinq4j.report.table;

import java.util.List;
import java.util.stream.Collectors;

/** A table as GitHub-flavoured Markdown. */
public final class MarkdownText {

    private MarkdownText() {}

    /** Heading, table and notes. */
    public static String of(ReportTable table) {
        StringBuilder text = new StringBuilder("## " + escape(table.title()) + "\n\n");
        text.append(line(table.headings().stream().map(MarkdownText::escape).toList()));
        text.append(line(
                table.numeric().stream().map(number -> number ? "---:" : "---").toList()));
        for (List<Entry> row : table.rows()) {
            text.append(line(row.stream().map(MarkdownText::entry).toList()));
        }
        if (!table.notes().isEmpty()) text.append('\n');
        for (String note : table.notes()) text.append("- ").append(escape(note)).append('\n');
        return text.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String entry(Entry entry) {
        if (entry.isEmpty()) return "";
        String value = escape(entry.shownText());
        String ranked = switch (entry.rank()) {
            case BEST -> "**" + value + "**";
            case SECOND -> "<u>" + value + "</u>";
            case OTHER -> value;
        };
        return entry.spread() == null ? ranked : ranked + " <sub>" + entry.shownSpread() + "</sub>";
    }

    private static String escape(String text) {
        return text.replaceAll("([\\\\|*_`<>\\[\\]])", "\\\\$1");
    }
}
