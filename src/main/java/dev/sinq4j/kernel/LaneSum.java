package dev.sinq4j.kernel;

/**
 * The fp64 sum of a row in the one order that every implementation keeps: column j of the first whole eights is added to part
 * j mod 8, in the order of columns; the parts are folded in halves; then come the remaining columns, summed on their own.
 */
final class LaneSum {

    static final int PARTS = 8;

    private final double[] parts = new double[PARTS];
    private double rest;

    /**
     * @param column of {@code columns}, ascending from call to call
     */
    void add(int column, int columns, double value) {
        if (column < columns - columns % PARTS) parts[column % PARTS] += value;
        else rest += value;
    }

    double total() {
        return foldHalf(parts[0] + parts[4], parts[1] + parts[5], parts[2] + parts[6], parts[3] + parts[7]) + rest;
    }

    /** Sum of four parts. */
    static double foldHalf(double a, double b, double c, double d) {
        return (a + c) + (b + d);
    }
}
