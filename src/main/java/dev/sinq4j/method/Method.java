package dev.sinq4j.method;

/**
 * What to do to every linear layer of a model but the head. A closed list of descriptions, each of which can only be
 * written down where it makes sense; the quantizer room turns them into work.
 */
public sealed interface Method permits Dense, SinqFamily, Hqq {

    /** The name in configurations, results and tables, such as {@code sinq}. */
    String name();

    /** Bits of a code; 16 for {@link Dense}. */
    int bits();

    /** Columns that share a scale; 0 where there are no groups. */
    int group();

    /** Whether the method needs inputs recorded on a calibration text. */
    default boolean needsCalibration() {
        return false;
    }
}
