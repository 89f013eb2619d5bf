package dev.sinq4j.report.table;

import java.util.List;
import java.util.Locale;

/** Names of columns measured alike but for their protocol: a name that occurs more than once gets a letter. */
final class Headings {

    private final List<String> names;

    Headings(List<String> names) {
        this.names = names;
    }

    /** For readers: {@code wikitext2 [B]}. */
    String title(int i) {
        return names.get(i) + (repeated(i) ? " [" + letter(i) + "]" : "");
    }

    /** For files: {@code wikitext2_b}. */
    String key(int i) {
        String key = names.get(i).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        return repeated(i) ? key + "_" + letter(i).toLowerCase(Locale.ROOT) : key;
    }

    private boolean repeated(int i) {
        return names.stream().filter(names.get(i)::equals).count() > 1;
    }

    private String letter(int i) {
        long earlier = names.subList(0, i).stream().filter(names.get(i)::equals).count();
        return String.valueOf((char) ('A' + earlier));
    }
}
