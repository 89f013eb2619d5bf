package dev.sinq4j.comparison;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what differs between two sets of settings. */
final class InWords {

    private static final int LONGEST_VALUE = 60;

    private InWords() {}

    /** Such as {@code window was 2048, is 1024; bos was none, is once}; empty if all are equal. */
    static String changes(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        List<String> changes = new ArrayList<>();
        for (String key : keys)
            if (!Objects.equals(before.get(key), after.get(key)))
                changes.add(key + " was " + shown(before.get(key)) + ", is " + shown(after.get(key)));
        return String.join("; ", changes);
    }

    private static String shown(@Nullable String value) {
        if (value == null) return "not recorded";
        if (value.isEmpty()) return "''";
        String line = value.replace("\n", "\\n");
        return line.length() <= LONGEST_VALUE ? line : line.substring(0, LONGEST_VALUE) + "...";
    }
}
