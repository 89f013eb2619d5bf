package dev.sinq4j.statistics;

/**
 * McNemar's test of two answers to the same questions, exact: of the questions only one of them answers right, each is the
 * one with probability a half if there is no difference.
 */
public final class McNemar {

    private McNemar() {}

    /**
     * Two-sided probability of a split at least as uneven, if there is no difference.
     *
     * @param onlyFirst  questions that only the first answers right
     * @param onlySecond questions that only the second answers right
     */
    public static double exact(int onlyFirst, int onlySecond) {
        int fewer = Math.min(onlyFirst, onlySecond);
        int both = onlyFirst + onlySecond;
        double logTerm = -both * Math.log(2); // of C(both, k) / 2^both
        double tail = Math.exp(logTerm);
        for (int k = 1; k <= fewer; k++) {
            logTerm += Math.log((double) (both - k + 1) / k);
            tail += Math.exp(logTerm);
        }
        return Math.min(1, 2 * tail);
    }
}
