package dev.sinq4j.paper;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a column of a paper's table states, written {@code kind}, {@code kind/subject} or {@code kind/subject/questions}:
 * {@code perplexity/wikitext2}, {@code flips-percent/piqa/1838}.
 *
 * @param subject   text or task; absent for what is of the model as a whole
 * @param questions of the task; absent where the paper's number is not known
 */
public record Measure(
        Kind kind, @Nullable String subject, @Nullable Integer questions) {

    /** Stands for the mean over the other columns of the same kind. */
    public static final String AVERAGE = "average";

    /** Kinds of measures, their units and how far apart two figures are. */
    public enum Kind {
        MEMORY_GB(false, false),
        PERPLEXITY(true, false),
        FLIPS_PERCENT(true, true),
        ACCURACY_PERCENT(true, true),
        QUANTIZATION_SECONDS(false, false);

        private final boolean hasSubject;
        private final boolean inPoints;

        Kind(boolean hasSubject, boolean inPoints) {
            this.hasSubject = hasSubject;
            this.inPoints = inPoints;
        }

        /** As files write it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether differences are percentage points; otherwise they are shares of the paper's value. */
        public boolean inPoints() {
            return inPoints;
        }
    }

    /** For readers, such as {@code perplexity, wikitext2}. */
    public String title() {
        String name = switch (kind) {
            case MEMORY_GB -> "memory (GB)";
            case PERPLEXITY -> "perplexity";
            case FLIPS_PERCENT -> "flips (%)";
            case ACCURACY_PERCENT -> "accuracy (%)";
            case QUANTIZATION_SECONDS -> "quantizing (s)";
        };
        return subject == null ? name : name + ", " + subject;
    }

    /** Whether it is the mean of its neighbours. */
    public boolean isAverage() {
        return AVERAGE.equals(subject);
    }

    /** Reads what a file writes; empty if it is no measure. */
    static Optional<Measure> parse(String text) {
        String[] parts = text.split("/", -1);
        Optional<Kind> kind = Arrays.stream(Kind.values())
                .filter(each -> each.label().equals(parts[0]))
                .findFirst();
        if (kind.isEmpty() || parts.length > 3 || kind.get().hasSubject != parts.length > 1) return Optional.empty();
        if (parts.length > 1 && parts[1].isBlank()) return Optional.empty();
        boolean counted = parts.length == 3;
        if (counted && !(kind.get().inPoints && parts[2].matches("[1-9]\\d{0,7}"))) return Optional.empty();
        return Optional.of(new Measure(
                kind.get(), parts.length > 1 ? parts[1] : null, counted ? Integer.valueOf(parts[2]) : null));
    }

    /** What {@link #parse} takes, in words. */
    static String expected() {
        return Arrays.stream(Kind.values())
                .map(kind -> kind.label() + (kind.hasSubject ? "/NAME" : ""))
                .collect(Collectors.joining(", "));
    }
}
