package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.PANEL;

/** Turns rows into panel columns. */
final class Transposition {

    private Transposition() {}

    /**
     * @param rows  (count, width) from {@code from} on
     * @param count of rows
     * @param lanes of the panel to write, at least {@code count}; those past it are set to zero
     * @param panel (width, PANEL) from {@code to} on, overwritten
     */
    static void panel(float[] rows, int from, int count, int width, int lanes, float[] panel, int to) {
        for (int i = 0; i < width; i++) column(rows, from + i, count, width, lanes, panel, to + i * PANEL);
    }

    /** The same for rows whose even columns come first, see {@link RowReader}. */
    static void split(float[] rows, int from, int count, int width, int lanes, float[] panel, int to) {
        int odd = from + (width + 1) / 2;
        for (int i = 0; i < width; i++)
            column(rows, (i % 2 == 0 ? from : odd) + i / 2, count, width, lanes, panel, to + i * PANEL);
    }

    private static void column(float[] rows, int from, int count, int width, int lanes, float[] panel, int to) {
        for (int row = 0; row < count; row++) panel[to + row] = rows[from + row * width];
        for (int row = count; row < lanes; row++) panel[to + row] = 0;
    }
}
