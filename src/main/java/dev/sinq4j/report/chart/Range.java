package dev.sinq4j.report.chart;

import java.util.stream.DoubleStream;

/** The values an axis has to show. */
record Range(double min, double max) {

    static Range of(DoubleStream values) {
        var summary = values.filter(Double::isFinite).summaryStatistics();
        return summary.getCount() == 0 ? new Range(0, 1) : new Range(summary.getMin(), summary.getMax());
    }

    /** With a margin on both sides, a share of the width; a single value gets some room. */
    Range padded(double share) {
        double margin = share * (max > min ? max - min : Math.max(Math.abs(max), 1));
        return new Range(min - margin, max + margin);
    }

    /** The same range begun at zero, where lengths from the axis are to be compared. */
    Range fromZero() {
        return new Range(Math.min(0, min), max);
    }

    /** Whether equal steps would crowd most values at one end. */
    boolean needsLogarithm(double ratio) {
        return min > 0 && max / min > ratio;
    }
}
