package dev.sinq4j.quant;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * GPTQ's walk along the columns, for all rows of a layer; rows do not depend on each other.
 *
 * <pre>
 *   for each column i in the order:  e = (w_i - w~_i) / U(i, i);   w_j -= e U(i, j) for all later j
 * </pre>
 *
 * Columns beyond a block are corrected once a block is done, which reads U a block at a time. Every weight still loses the
 * same products one after the other, so the block size changes no bit. A group's grid needs every correction of its columns:
 * a block that would end within a group it did not begin with ends before it.
 *
 * @param layer  codes, scales and zeros, overwritten
 * @param rounding makes grids and codes
 * @param factor U, (columns, columns), rows and columns in the order
 * @param order  a permutation of the columns
 * @param staticGroups grids from the weights as they came; otherwise the order is that of the columns
 * @param block  most columns of a block
 */
record GptqRows(Layer layer, GridFromZero rounding, double[] factor, int[] order, boolean staticGroups, int block) {

    /** Rows that share one reading of U. */
    private static final int ROWS = 16;
    /** Columns corrected at a time, so that a block's part of U stays in the second-level cache. */
    private static final int WIDE = 256;

    /** @param weights reads one row, fp64, from an offset on */
    void run(RowReader weights) {
        int bands = Math.ceilDiv(layer.grid.rows(), ROWS);
        IntStream.range(0, bands).parallel().forEach(band -> {
            int first = band * ROWS;
            new Band(first, Math.min(ROWS, layer.grid.rows() - first)).run(weights);
        });
    }

    /** Gives a row's weights in the order of the matrix. */
    interface RowReader {
        /** Writes all columns of {@code row}. */
        void read(int row, double[] target);
    }

    private int columns() {
        return layer.grid.columns();
    }

    /** Where the block that begins at {@code first} ends. */
    private int end(int first) {
        int last = Math.min(columns(), first + block);
        if (staticGroups || last == columns()) return last;
        int group = layer.grid.group();
        int begun = (last - 1) / group * group;
        boolean cutsGroup = begun + group > last;
        return cutsGroup && begun > first ? begun : last;
    }

    /** A few rows. */
    private final class Band {

        private final int firstRow;
        private final double[][] weights; // (rows, columns), columns in the order
        private final double[][] errors; // (rows, block)

        Band(int firstRow, int rows) {
            this.firstRow = firstRow;
            weights = new double[rows][columns()];
            errors = new double[rows][block];
        }

        void run(RowReader reader) {
            double[] row = new double[columns()];
            for (int r = 0; r < weights.length; r++) {
                reader.read(firstRow + r, row);
                if (staticGroups) for (int g = 0; g < layer.grid.across(); g++) fit(row, r, g);
                for (int i = 0; i < order.length; i++) weights[r][i] = row[order[i]];
            }
            for (int first = 0, last; first < columns(); first = last) {
                last = end(first);
                for (int r = 0; r < weights.length; r++) round(r, first, last);
                correct(first, last);
            }
        }

        private void fit(double[] row, int r, int group) {
            int first = group * layer.grid.group();
            int count = Math.min(layer.grid.group(), columns() - first);
            rounding.fit(row, first, count, layer.scale, layer.zero, (firstRow + r) * layer.grid.across() + group);
        }

        private void round(int r, int first, int last) {
            double[] row = weights[r];
            for (int i = first; i < last; i++) {
                if (!staticGroups && i % layer.grid.group() == 0) fit(row, r, i / layer.grid.group());
                int at = (firstRow + r) * layer.grid.across() + order[i] / layer.grid.group();
                float scale = layer.scale[at];
                int code = rounding.code(row[i], scale, layer.zero[at]);
                layer.codes[(firstRow + r) * columns() + order[i]] = (byte) code;
                double error = (row[i] - (double) (code - layer.zero[at]) * scale) / factor[i * columns() + i];
                errors[r][i - first] = error;
                subtract(row, error, i, i + 1, last);
            }
        }

        private void correct(int first, int last) {
            for (int left = last; left < columns(); left += WIDE) {
                int right = Math.min(columns(), left + WIDE);
                for (int r = 0; r < weights.length; r++)
                    for (int i = first; i < last; i++) subtract(weights[r], errors[r][i - first], i, left, right);
            }
        }

        private void subtract(double[] row, double error, int i, int left, int right) {
            int u = i * columns();
            for (int j = left; j < right; j++) row[j] -= error * factor[u + j];
        }
    }

    /** Columns as they are. */
    static int[] asStored(int columns) {
        int[] order = new int[columns];
        Arrays.setAll(order, j -> j);
        return order;
    }
}
