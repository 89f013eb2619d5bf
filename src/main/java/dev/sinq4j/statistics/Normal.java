package dev.sinq4j.statistics;

/** The standard normal distribution. */
public final class Normal {

    private Normal() {}

    /** Probability of a value up to {@code z}, to about 1e-15 near the middle. */
    public static double cumulative(double z) {
        double tail = upperTail(Math.abs(z));
        return z > 0 ? 1 - tail : tail;
    }

    /**
     * The value below which a share of the distribution lies: bisection, then Newton steps, on {@link #cumulative}. Slow and
     * plain; it is asked for a handful of times.
     */
    public static double quantile(double share) {
        if (!(share > 0 && share < 1))
            throw new IllegalArgumentException("share must be between 0 and 1, was " + share);
        double low = -40;
        double high = 40;
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            if (cumulative(middle) < share) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /** Series around zero, continued fraction in the tail. */
    private static double upperTail(double z) {
        return z < 3 ? 0.5 - density(z) * series(z) : density(z) / fraction(z);
    }

    private static double density(double z) {
        return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    /** {@code z + z^3/3 + z^5/(3 5) + ...}, which times the density is the area from 0 to z. */
    private static double series(double z) {
        double term = z;
        double sum = z;
        for (int k = 3; term > sum * 1e-17; k += 2) {
            term *= z * z / k;
            sum += term;
        }
        return sum;
    }

    /** Mills' ratio inverted: {@code z + 1/(z + 2/(z + 3/(z + ...)))}. */
    private static double fraction(double z) {
        double value = z;
        for (int k = 200; k >= 1; k--) value = z + k / value;
        return value;
    }
}
