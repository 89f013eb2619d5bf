package dev.sinq4j.report.chart;

import java.util.List;
import org.knowm.xchart.internal.chartpart.AxesChart;

/**
 * A figure: panels in rows under one legend.
 *
 * @param name        of its files
 * @param title       one line
 * @param description what is drawn and how to read it; the alternative text
 * @param columns     panels in a row
 */
public record Figure(String name, String title, String description, Legend legend, List<Panel> panels, int columns) {

    /** Pixels of a row of the legend. */
    static final int LEGEND_ROW = 34;

    public Figure {
        panels = List.copyOf(panels);
        columns = Math.clamp(columns, 1, panels.size());
    }

    int rows() {
        return (panels.size() + columns - 1) / columns;
    }

    /** Pixels of the strip that holds the legend. */
    int legendHeight() {
        return LEGEND_ROW * FigurePainter.legendRows(this);
    }

    /** Pixels. */
    public int width() {
        return columns * panels.getFirst().width();
    }

    int height() {
        return legendHeight() + rows() * panels.getFirst().height();
    }

    /**
     * A chart under its title; all panels of a figure have one size.
     *
     * @param title  empty for none
     * @param points the points a reader may ask for
     * @param places what stands under the horizontal axis instead of numbers; empty where numbers stand
     */
    record Panel(String title, AxesChart<?, ?> chart, int width, int height, List<Point> points, List<Place> places) {

        /** Pixels of the strip that holds the title. */
        static final int TITLE_HEIGHT = 24;

        /** Pixels of the strip that holds the places. */
        static final int PLACES_HEIGHT = 24;

        Panel {
            points = List.copyOf(points);
            places = List.copyOf(places);
        }

        /** Pixels above the chart. */
        int above() {
            return title.isEmpty() ? 0 : TITLE_HEIGHT;
        }

        /** Pixels below the chart. */
        int below() {
            return places.isEmpty() ? 0 : PLACES_HEIGHT;
        }
    }

    /** A word under the horizontal axis. */
    record Place(double x, String word) {}

    /**
     * A point in the chart's units.
     *
     * @param text its values in words
     */
    record Point(double x, double y, String text) {}

    /** What colours and markers stand for. */
    sealed interface Legend {

        /** A name for each look. */
        record Series(List<String> names, List<Palette.Look> looks) implements Legend {}

        /** Ends of the heat scale, as text. */
        record Heat(String name, String low, String high) implements Legend {}
    }
}
