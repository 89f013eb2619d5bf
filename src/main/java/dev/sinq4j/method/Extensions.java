package dev.sinq4j.method;

import dev.sinq4j.failure.UsageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The {@link MethodExtension}s on the class path, found once and checked. */
public final class Extensions {

    /** What an extension's name looks like. */
    public static final String NAME_PATTERN = "[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*";

    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);
    private static final int MOST_BITS = 16;

    /** The class path does not change while the program runs; a class initializer could not fail with a message. */
    private static @Nullable List<MethodExtension> loaded;

    private Extensions() {}

    /**
     * Every extension, in the order of the class path.
     *
     * @throws UsageFailure for one that cannot be loaded or describes itself wrongly
     */
    public static synchronized List<MethodExtension> all() {
        if (loaded == null) loaded = load();
        return loaded;
    }

    /** The extension that brings a method of this name. */
    public static Optional<MethodExtension> named(String name) {
        return all().stream().filter(extension -> extension.name().equals(name)).findFirst();
    }

    /**
     * The extension of a method that was made from it.
     *
     * @throws UsageFailure if it is no longer on the class path
     */
    public static MethodExtension of(External method) {
        return named(method.name())
                .orElseThrow(() -> new UsageFailure("method '" + method.name()
                        + "' comes from an extension that is not on the class path; add its jar to SINQ4J_CLASSPATH"));
    }

    /** Checks what extensions say of themselves and hands them on. */
    static List<MethodExtension> checked(Iterable<MethodExtension> found) {
        List<MethodExtension> checked = new ArrayList<>();
        for (MethodExtension extension : found) {
            check(extension, checked.stream());
            checked.add(extension);
        }
        return List.copyOf(checked);
    }

    private static void check(MethodExtension extension, Stream<MethodExtension> earlier) {
        String who = "extension " + extension.getClass().getName() + ": ";
        if (!NAME.matcher(extension.name()).matches())
            throw new UsageFailure(who + "name: expected owner/method in lower-case letters, digits and dashes, found '"
                    + extension.name() + "'");
        if (extension.version().isBlank())
            throw new UsageFailure(
                    who + "version: expected a text such as 1, found an empty one; results are found" + " again by it");
        if (extension.bits().isEmpty() || extension.bits().stream().anyMatch(bits -> bits < 1 || bits > MOST_BITS))
            throw new UsageFailure(
                    who + "bits: expected at least one width from 1 to " + MOST_BITS + ", found " + extension.bits());
        earlier.filter(other -> other.name().equals(extension.name()))
                .findFirst()
                .ifPresent(other -> {
                    throw new UsageFailure(who + "the name '" + extension.name() + "' is already taken by "
                            + other.getClass().getName() + "; leave one of them off the class path");
                });
    }

    private static List<MethodExtension> load() {
        List<MethodExtension> found = new ArrayList<>();
        try {
            ServiceLoader.load(MethodExtension.class).forEach(found::add);
        } catch (ServiceConfigurationError e) {
            throw new UsageFailure("a method extension on the class path cannot be loaded: " + e.getMessage());
        }
        return checked(found);
    }
}
