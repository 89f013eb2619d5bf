package dev.sinq4j.model.architecture;

import java.util.Locale;

/**
 * Which matrix of a model.
 *
 * @param layer  from 0; {@link #NONE} for the head
 * @param role   what it is for
 * @param expert from 0; {@link #NONE} outside of experts
 */
public record LinearId(int layer, Role role, int expert) {

    /** No layer, or no expert. */
    public static final int NONE = -1;

    /** For messages and per-layer results, for example {@code layer 3 down} or {@code layer 3 expert 7 up}. */
    @Override
    public String toString() {
        return (layer == NONE ? "" : "layer " + layer + " ")
                + (expert == NONE ? "" : "expert " + expert + " ")
                + role.name().toLowerCase(Locale.ROOT);
    }
}
