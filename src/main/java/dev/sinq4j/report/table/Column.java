package dev.sinq4j.report.table;

import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a column of the data is shown.
 *
 * @param key     of the data's column
 * @param heading with its unit in parentheses
 * @param ranked  whether the best and second best of each group of rows are set off
 * @param numeral writes a number; absent for a column of text
 * @param spread  the uncertainty shown beside each value
 */
record Column(
        String key,
        String heading,
        Better better,
        boolean ranked,
        @Nullable DoubleFunction<String> numeral,
        @Nullable Spread spread) {

    static Column text(String key, String heading) {
        return new Column(key, heading, Better.NEITHER, false, null, null);
    }

    static Column number(String key, String heading, DoubleFunction<String> numeral) {
        return new Column(key, heading, Better.NEITHER, false, numeral, null);
    }

    Column better(Better direction) {
        return new Column(key, heading, direction, ranked, numeral, spread);
    }

    Column ranked(Better direction) {
        return new Column(key, heading, direction, true, numeral, spread);
    }

    Column with(Spread uncertainty) {
        return new Column(key, heading, better, ranked, numeral, uncertainty);
    }

    /** The uncertainty of a value: where it stands in the data, and how it reads. */
    sealed interface Spread {

        /** A standard error. */
        record PlusMinus(String key) implements Spread {}

        /** An interval or a range of samples. */
        record Between(String low, String high) implements Spread {}
    }
}
