package dev.sinq4j.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Mean of {@code first - second} over the same items, with a percentile bootstrap interval: items are drawn with
 * replacement, both measurements of an item together, so what makes an item hard for both cancels out.
 *
 * @param mean      of the differences
 * @param interval  covers {@code level} of the resampled means
 * @param size      items
 * @param level     such as 0.95
 * @param resamples how many
 * @param seed      of the resampling
 */
public record PairedDifference(double mean, Interval interval, int size, double level, int resamples, long seed) {

    public static final double LEVEL = 0.95;
    public static final int RESAMPLES = 10_000;

    /** With the usual level and number of resamples. */
    public static PairedDifference of(double[] first, double[] second, long seed) {
        return of(first, second, LEVEL, RESAMPLES, seed);
    }

    /**
     * @param first  one measurement an item
     * @param second the other measurement of the same items in the same order
     */
    public static PairedDifference of(double[] first, double[] second, double level, int resamples, long seed) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "pairs need equal lengths, were " + first.length + " and " + second.length);
        }
        double[] differences = new double[first.length];
        for (int i = 0; i < first.length; i++) differences[i] = first[i] - second[i];
        Sample means = Sample.of(resampledMeans(differences, resamples, seed));
        Interval interval = new Interval(means.quantile((1 - level) / 2), means.quantile((1 + level) / 2));
        return new PairedDifference(Sample.of(differences).mean(), interval, first.length, level, resamples, seed);
    }

    private static double[] resampledMeans(double[] values, int resamples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        Arrays.setAll(means, resample -> {
            double sum = 0;
            for (int i = 0; i < values.length; i++) sum += values[random.nextInt(values.length)];
            return sum / values.length;
        });
        return means;
    }

    /** Whether the interval leaves zero out. */
    public boolean isDecided() {
        return !interval.contains(0);
    }
}
