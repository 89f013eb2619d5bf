package dev.sinq4j.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * A sample of at least one number and what is commonly said of it. Sums run in the given order, so results do not depend on
 * threads.
 */
public final class Sample {

    private final double[] values;
    private final double[] sorted;

    private Sample(double[] values) {
        if (values.length == 0) throw new IllegalArgumentException("a sample needs at least one value");
        this.values = values;
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    public static Sample of(double... values) {
        return new Sample(values.clone());
    }

    public static Sample of(List<Double> values) {
        return new Sample(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    public int size() {
        return values.length;
    }

    public double mean() {
        double sum = 0;
        for (double value : values) sum += value;
        return sum / values.length;
    }

    /** With n - 1 in the denominator; NaN for a single value. */
    public double standardDeviation() {
        if (values.length == 1) return Double.NaN;
        double mean = mean();
        double squares = 0;
        for (double value : values) squares += (value - mean) * (value - mean);
        return Math.sqrt(squares / (values.length - 1));
    }

    /** Of the mean; NaN for a single value. */
    public double standardError() {
        return standardDeviation() / Math.sqrt(values.length);
    }

    public double min() {
        return sorted[0];
    }

    public double max() {
        return sorted[sorted.length - 1];
    }

    public double median() {
        return quantile(0.5);
    }

    /** Linear between order statistics, the lowest at 0 and the highest at 1 (Hyndman and Fan's type 7, the default of R and numpy). */
    public double quantile(double share) {
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("share must be 0 to 1, was " + share);
        double position = share * (sorted.length - 1);
        int below = (int) Math.floor(position);
        if (below == sorted.length - 1) return sorted[below];
        return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }
}
