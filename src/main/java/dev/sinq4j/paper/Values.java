package dev.sinq4j.paper;

import java.util.Arrays;
import java.util.List;

/** The text of a row's values, taken apart. */
final class Values {

    /** Where the paper has no value. */
    static final String NONE = "-";

    private Values() {}

    static List<String> split(String text, char separator) {
        return Arrays.stream(text.split("\\" + separator, -1))
                .map(String::strip)
                .toList();
    }

    static boolean isValue(String text) {
        return text.equals(NONE) || text.matches("\\d+(\\.\\d+)?");
    }
}
