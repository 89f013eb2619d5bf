package dev.sinq4j.method;

/** Shape of the sub-matrix one Sinkhorn run sees. */
public enum Tiling {
    /** All rows x group. */
    ONE_D("1d"),
    /** group x group. */
    TWO_D("2d");

    private final String label;

    Tiling(String label) {
        this.label = label;
    }

    /** The name in configurations, results and tables. */
    public String label() {
        return label;
    }
}
