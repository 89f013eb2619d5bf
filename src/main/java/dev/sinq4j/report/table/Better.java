package dev.sinq4j.report.table;

/** Which direction of a column is the better one. */
public enum Better {
    LOWER("\u2193"),
    HIGHER("\u2191"),
    NEITHER("");

    private final String arrow;

    Better(String arrow) {
        this.arrow = arrow;
    }

    /** An arrow for headings; empty where there is no better. */
    public String arrow() {
        return arrow;
    }
}
