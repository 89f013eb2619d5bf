package dev.sinq4j.method;

import org.jspecify.annotations.Nullable;

/**
 * A method as a user wrote it: a name and the settings that were given; the others take the preset's defaults.
 *
 * @param referenceExact reproduce the reference's defects
 * @param actOrder       round the columns with the largest inputs first
 */
public record MethodRequest(
        String name,
        @Nullable Integer bits,
        @Nullable Integer group,
        @Nullable Tiling tiling,
        @Nullable AuxPrecision aux,
        @Nullable Boolean referenceExact,
        @Nullable Boolean actOrder) {

    /** Without the options of single methods. */
    public MethodRequest(
            String name,
            @Nullable Integer bits,
            @Nullable Integer group,
            @Nullable Tiling tiling,
            @Nullable AuxPrecision aux,
            @Nullable Boolean referenceExact) {
        this(name, bits, group, tiling, aux, referenceExact, null);
    }

    /** A name with every default. */
    public static MethodRequest of(String name) {
        return new MethodRequest(name, null, null, null, null, null);
    }

    /** A name at a bit width and group. */
    public static MethodRequest of(String name, int bits, int group) {
        return new MethodRequest(name, bits, group, null, null, null);
    }
}
