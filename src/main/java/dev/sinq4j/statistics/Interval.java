package dev.sinq4j.statistics;

/** A closed interval of plausible values. */
public record Interval(double low, double high) {

    /** Whether a value lies inside, ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** The same interval seen from the other side: of {@code -x} instead of {@code x}. */
    public Interval negated() {
        return new Interval(-high, -low);
    }
}
