package dev.sinq4j.report.chart;

import dev.sinq4j.report.chart.Figure.Legend;
import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.report.chart.Figure.Place;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Paints a figure on any canvas. Text is painted as outlines, so it looks the same in every viewer. */
final class FigurePainter {

    private static final Font FONT = ChartFont.size(13f);
    private static final FontRenderContext OUTLINES = new FontRenderContext(null, true, true);
    private static final int LEFT = 14;
    private static final int LINE = 30;
    private static final int GAP = 6;
    private static final int BETWEEN = 20;
    private static final int BAR = 160;

    private FigurePainter() {}

    static void paint(Figure figure, Graphics2D canvas) {
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, figure.width(), figure.height());
        switch (figure.legend()) {
            case Legend.Series(List<String> names, List<Palette.Look> looks) ->
                paintSeries(names, looks, figure.width(), canvas);
            case Legend.Heat heat -> paintHeat(heat, canvas);
        }
        for (int i = 0; i < figure.panels().size(); i++) paintPanel(figure, i, canvas);
    }

    private static void paintPanel(Figure figure, int index, Graphics2D canvas) {
        Panel panel = figure.panels().get(index);
        int left = left(figure, index);
        int top = top(figure, index);
        Graphics2D own = (Graphics2D) canvas.create();
        own.translate(left, top);
        int height = panel.height() - panel.above() - panel.below();
        panel.chart().paint(own, panel.width(), height);
        own.dispose();
        centred(panel.title(), left + panel.width() / 2.0, top - panel.above() / 2.0 + 4, canvas);
        for (Place place : panel.places()) {
            double x = left + panel.chart().getScreenXFromChart(place.x());
            centred(place.word(), x, top + height + panel.below() / 2.0 - 8, canvas);
        }
    }

    private static void centred(String text, double x, double middle, Graphics2D canvas) {
        if (text.isEmpty()) return;
        text(text, x - advance(text) / 2, middle, canvas);
    }

    /** Pixels from the figure's left edge to a panel's. */
    static int left(Figure figure, int index) {
        return index % figure.columns() * figure.panels().get(index).width();
    }

    /** Pixels from the figure's upper edge to the chart of a panel. */
    static int top(Figure figure, int index) {
        Panel panel = figure.panels().get(index);
        return figure.legendHeight() + index / figure.columns() * panel.height() + panel.above();
    }

    /** Rows the legend needs in the width of its figure. */
    static int legendRows(Figure figure) {
        return switch (figure.legend()) {
            case Legend.Series series -> rows(series.names(), figure.width()).size();
            case Legend.Heat _ -> 1;
        };
    }

    /** Names that stand together in a row, as many as fit. */
    private static List<List<String>> rows(List<String> names, int width) {
        List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>()));
        double x = LEFT;
        for (String name : names) {
            double advance = LINE + GAP + advance(name) + BETWEEN;
            if (x + advance > width && !rows.getLast().isEmpty()) {
                rows.add(new ArrayList<>());
                x = LEFT;
            }
            rows.getLast().add(name);
            x += advance;
        }
        return rows;
    }

    private static void paintSeries(List<String> names, List<Palette.Look> looks, int width, Graphics2D canvas) {
        double middle = Figure.LEGEND_ROW / 2.0;
        int painted = 0;
        for (List<String> row : rows(names, width)) {
            double x = LEFT;
            for (String name : row) {
                paintSample(looks.get(painted), x, middle, canvas);
                x = text(name, x + LINE + GAP, middle, canvas) + BETWEEN;
                painted++;
            }
            middle += Figure.LEGEND_ROW;
        }
    }

    private static void paintSample(Palette.Look look, double x, double middle, Graphics2D canvas) {
        canvas.setColor(look.color());
        canvas.setStroke(look.stroke());
        canvas.draw(new Line2D.Double(x, middle, x + LINE, middle));
        canvas.setStroke(new BasicStroke(1.5f));
        look.marker().paint(canvas, x + LINE / 2.0, middle, 9);
    }

    private static double advance(String text) {
        return text.isEmpty() ? 0 : new TextLayout(text, FONT, OUTLINES).getAdvance();
    }

    private static void paintHeat(Legend.Heat heat, Graphics2D canvas) {
        double middle = Figure.LEGEND_ROW / 2.0;
        double x = text(heat.name(), LEFT, middle, canvas) + BETWEEN;
        x = text(heat.low(), x, middle, canvas) + GAP;
        for (int i = 0; i < BAR; i += 2) {
            canvas.setColor(Palette.heat(i / (double) BAR));
            canvas.fill(new Rectangle2D.Double(x + i, middle - 7, 2.2, 14));
        }
        text(heat.high(), x + BAR + GAP, middle, canvas);
    }

    /** Paints a line of text left to right and returns its right end. */
    private static double text(String text, double x, double middle, Graphics2D canvas) {
        TextLayout layout = new TextLayout(text, FONT, OUTLINES);
        canvas.setColor(Palette.INK);
        canvas.fill(layout.getOutline(AffineTransform.getTranslateInstance(x, middle + FONT.getSize2D() * 0.35)));
        return x + layout.getAdvance();
    }
}
