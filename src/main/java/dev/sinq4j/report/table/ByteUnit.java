package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Numerals;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The decimal unit in which all sizes of a column are shown. */
enum ByteUnit {
    KB("kB", 1e3),
    MB("MB", 1e6),
    GB("GB", 1e9);

    private final String symbol;
    private final double bytes;

    ByteUnit(String symbol, double bytes) {
        this.symbol = symbol;
        this.bytes = bytes;
    }

    /** The unit in which the largest of some sizes has two digits or more before the point, MB for less than that. */
    static ByteUnit of(Stream<@Nullable Long> sizes) {
        long largest =
                sizes.filter(Objects::nonNull).mapToLong(Long::longValue).max().orElse(0);
        if (largest >= 10 * GB.bytes) return GB;
        return largest >= MB.bytes ? MB : KB;
    }

    String symbol() {
        return symbol;
    }

    String numeral(double value) {
        return Numerals.fixed(value / bytes, 2);
    }
}
