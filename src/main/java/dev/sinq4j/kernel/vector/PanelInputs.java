package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;

import dev.sinq4j.kernel.InputProducts;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * {@link InputProducts} by the micro kernel: panels of tokens, (columns, PANEL) each, meet rows of weights where they lie. A
 * block of a panel's columns stays in the second-level cache while the rows go by.
 */
public final class PanelInputs implements InputProducts {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final AlignedNumbers numbers = new AlignedNumbers();
    private final int columns;
    private final int panels;

    /** @param x (tokens, columns) */
    public PanelInputs(float[] x, int tokens, int columns) {
        this.columns = columns;
        panels = Math.ceilDiv(tokens, PANEL);
        numbers.reserve((long) panels * columns * PANEL);
        IntStream.range(0, panels).parallel().forEach(panel -> write(x, tokens, panel));
    }

    private void write(float[] x, int tokens, int panel) {
        long to = panel(panel, 0);
        for (int j = 0; j < columns; j++)
            for (int lane = 0; lane < PANEL; lane++, to += Float.BYTES) {
                int token = panel * PANEL + lane;
                ALL.set(FLOAT, to, token < tokens ? x[token * columns + j] : 0);
            }
    }

    private long panel(int panel, int column) {
        return numbers.address() + 4L * PANEL * ((long) panel * columns + column);
    }

    @Override
    public int stride() {
        return panels * PANEL;
    }

    @Override
    public void multiply(float[] weight, int rows, float[] out) {
        for (int from = 0; from < columns; from += Scratch.BLOCK) {
            int depth = Math.min(Scratch.BLOCK, columns - from);
            for (int panel = 0; panel < panels; panel++)
                MicroKernel.multiply(
                        weight,
                        from,
                        columns,
                        panel(panel, from),
                        PANEL,
                        out,
                        panel * PANEL,
                        stride(),
                        rows,
                        depth,
                        PANEL,
                        from > 0);
        }
    }

    @Override
    public void close() {
        numbers.close();
    }
}
