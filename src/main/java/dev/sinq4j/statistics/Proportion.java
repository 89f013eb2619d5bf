package dev.sinq4j.statistics;

/** A share of a number of trials. */
public record Proportion(int successes, int trials) {

    public Proportion {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " of " + trials + " is not a share");
        }
    }

    public double value() {
        return (double) successes / trials;
    }

    /** Of a share of so many independent trials: the normal approximation, for small print; intervals are {@link #wilson}'s. */
    public static double standardError(double share, long trials) {
        return Math.sqrt(share * (1 - share) / trials);
    }

    /** Wilson's score interval, which stays inside 0 to 1 and is honest at the ends. */
    public Interval wilson(double level) {
        double z = Normal.quantile((1 + level) / 2);
        double n = trials;
        double p = value();
        double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
        double half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
    }
}
