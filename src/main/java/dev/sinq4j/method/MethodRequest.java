package dev.sinq4j.method;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A method as a user wrote it: a name and the settings that were given; the others take the method's defaults.
 *
 * @param options further settings, each of its option's kind
 */
public record MethodRequest(
        String name,
        @Nullable Integer bits,
        @Nullable Integer group,
        @Nullable Tiling tiling,
        @Nullable AuxPrecision aux,
        Map<MethodOption, Object> options) {

    /** @throws IllegalArgumentException if an option's value is not of its kind */
    public MethodRequest {
        options = Map.copyOf(options);
        options.forEach((option, value) -> {
            if (!option.kind().accepts(value))
                throw new IllegalArgumentException(
                        option.key() + ": " + value + " is not " + option.kind().words());
        });
    }

    /** A name with every default. */
    public static MethodRequest of(String name) {
        return new MethodRequest(name, null, null, null, null, Map.of());
    }

    /** A name at a bit width and group. */
    public static MethodRequest of(String name, int bits, int group) {
        return new MethodRequest(name, bits, group, null, null, Map.of());
    }
}
