/** Figures of a report: charts of XChart painted as SVG, PDF and PNG. Sole user of XChart, Batik and PDFBox. */
@NullMarked
package dev.sinq4j.report.chart;

import org.jspecify.annotations.NullMarked;
