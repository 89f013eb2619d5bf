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
        return fold(parts, 0) + rest;
    }

    /** Sum of the eight parts from {@code first} on. */
    static double fold(double[] parts, int first) {
        return foldHalf(
                parts[first] + parts[first + 4],
                parts[first + 1] + parts[first + 5],
                parts[first + 2] + parts[first + 6],
                parts[first + 3] + parts[first + 7]);
    }

    /** Sum of four parts. */
    static double foldHalf(double a, double b, double c, double d) {
        return (a + c) + (b + d);
    }
}
