package dev.sinq4j.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Looks of the series, told apart by colour, by marker and by dashes, so that they survive colour blindness and grey paper.
 * Colours after Okabe and Ito, without the yellow that white paper swallows; the dense model is black.
 */
final class Palette {

    static final Color INK = new Color(0x22, 0x22, 0x22);
    static final Color GRID = new Color(0xdd, 0xdd, 0xdd);

    /** Light to dark, so that more is darker on grey paper too. */
    static final Color[] HEAT = {
        new Color(0xf3, 0xf7, 0xfb),
        new Color(0x9e, 0xc4, 0xdf),
        new Color(0x3f, 0x85, 0xba),
        new Color(0x08, 0x3a, 0x6e)
    };

    private static final List<Color> COLORS = List.of(
            new Color(0x00, 0x72, 0xb2),
            new Color(0xd5, 0x5e, 0x00),
            new Color(0x00, 0x8a, 0x66),
            new Color(0xb0, 0x5a, 0x8c),
            new Color(0xc4, 0x85, 0x00),
            new Color(0x3a, 0x9b, 0xd0),
            new Color(0x77, 0x77, 0x77));

    private static final List<Marker> MARKERS = List.of(
            SeriesMarkers.CIRCLE,
            SeriesMarkers.SQUARE,
            SeriesMarkers.TRIANGLE_UP,
            SeriesMarkers.DIAMOND,
            SeriesMarkers.TRIANGLE_DOWN,
            SeriesMarkers.CROSS);

    private static final List<float[]> DASHES = List.of(
            new float[] {}, new float[] {7, 3}, new float[] {2, 3}, new float[] {9, 3, 2, 3}, new float[] {12, 4});

    private Palette() {}

    /** A look: all three are cycled with different periods. */
    record Look(Color color, Marker marker, BasicStroke stroke) {}

    static Look dense() {
        return new Look(INK, SeriesMarkers.PLUS, stroke(1.4f, 5, 4));
    }

    static Look series(int index) {
        return new Look(
                COLORS.get(index % COLORS.size()),
                MARKERS.get(index % MARKERS.size()),
                stroke(1.6f, DASHES.get(index % DASHES.size())));
    }

    private static BasicStroke stroke(float width, float... dash) {
        return dash.length == 0
                ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
                : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }

    /** The colour of a share from 0 to 1 of the heat scale. */
    static Color heat(double share) {
        double position = Math.clamp(share, 0, 1) * (HEAT.length - 1);
        int below = Math.min((int) position, HEAT.length - 2);
        return mix(HEAT[below], HEAT[below + 1], position - below);
    }

    private static Color mix(Color low, Color high, double share) {
        return new Color(
                (int) Math.round(low.getRed() + share * (high.getRed() - low.getRed())),
                (int) Math.round(low.getGreen() + share * (high.getGreen() - low.getGreen())),
                (int) Math.round(low.getBlue() + share * (high.getBlue() - low.getBlue())));
    }
}
