package dev.sinq4j.gguf;

import dev.sinq4j.failure.UnavailableFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file's metadata asked for by type; keys of the architecture are given without its name in front. */
final class GgufMetadata {

    private final GgufFile file;
    private final String architecture;

    GgufMetadata(GgufFile file) {
        this.file = file;
        this.architecture = text("general.architecture").orElseThrow(() -> missing("general.architecture"));
    }

    String architecture() {
        return architecture;
    }

    Optional<String> text(String key) {
        return find(key, String.class);
    }

    Optional<Boolean> truth(String key) {
        return find(key, Boolean.class);
    }

    Optional<Long> id(String key) {
        return find(key, Long.class);
    }

    long count(String key) {
        return findCount(key).orElseThrow(() -> missing(architecture + "." + key));
    }

    Optional<Long> findCount(String key) {
        Optional<Long> count = find(architecture + "." + key, Long.class);
        if (count.isPresent() && (count.get() < 0 || count.get() > Integer.MAX_VALUE))
            throw new UnavailableFailure(name() + ": " + architecture + "." + key + " is absurd: " + count.get());
        return count;
    }

    Optional<Double> number(String key) {
        return find(architecture + "." + key, Double.class);
    }

    Optional<String> architectureText(String key) {
        return text(architecture + "." + key);
    }

    List<String> texts(String key) {
        return list(key, String.class);
    }

    List<Double> numbers(String key) {
        return list(key, Double.class);
    }

    List<Long> ids(String key) {
        return list(key, Long.class);
    }

    private <T> List<T> list(String key, Class<T> type) {
        List<T> values = new ArrayList<>();
        for (Object element : find(key, List.class).orElseThrow(() -> missing(key))) {
            if (!type.isInstance(element)) throw wrong(key, element);
            values.add(type.cast(element));
        }
        return values;
    }

    private <T> Optional<T> find(String key, Class<T> type) {
        @Nullable Object value = file.metadata().get(key);
        if (value == null) return Optional.empty();
        if (!type.isInstance(value)) throw wrong(key, value);
        return Optional.of(type.cast(value));
    }

    /** How messages call the file. */
    String name() {
        return String.valueOf(file.path().getFileName());
    }

    private UnavailableFailure missing(String key) {
        return new UnavailableFailure(name() + ": the metadata lacks " + key);
    }

    private UnavailableFailure wrong(String key, Object value) {
        return new UnavailableFailure(name() + ": " + key + " is of an unexpected kind: " + value);
    }
}
