/** Tables of a report: raw values in typed columns, and their looks in CSV, Markdown, LaTeX and HTML. Sole user of tablesaw. */
@NullMarked
package dev.sinq4j.report.table;

import org.jspecify.annotations.NullMarked;
