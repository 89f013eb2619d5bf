package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;

import java.lang.foreign.ValueLayout;

/** Turns rows into panel columns. */
final class Transposition {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private Transposition() {}

    /**
     * @param rows  (count, width) from {@code from} on
     * @param count of rows
     * @param lanes of the panel to write, at least {@code count}; those past it are set to zero
     * @param to    address of (width, PANEL), overwritten
     */
    static void panel(float[] rows, int from, int count, int width, int lanes, long to) {
        for (int i = 0; i < width; i++) column(rows, from + i, count, width, lanes, to + 4L * i * PANEL);
    }

    /** The same for rows whose even columns come first, see {@link RowReader}. */
    static void split(float[] rows, int from, int count, int width, int lanes, long to) {
        int odd = from + (width + 1) / 2;
        for (int i = 0; i < width; i++)
            column(rows, (i % 2 == 0 ? from : odd) + i / 2, count, width, lanes, to + 4L * i * PANEL);
    }

    private static void column(float[] rows, int from, int count, int width, int lanes, long to) {
        for (int row = 0; row < count; row++) ALL.set(FLOAT, to + 4L * row, rows[from + row * width]);
        for (int row = count; row < lanes; row++) ALL.set(FLOAT, to + 4L * row, 0f);
    }
}
