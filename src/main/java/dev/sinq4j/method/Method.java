package dev.sinq4j.method;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to do to every linear layer of a model but the head. A closed list of descriptions, each of which can only be
 * written down where it makes sense; the quantizer room turns them into work. {@link Methods} makes them from the names and
 * settings of a configuration.
 */
public sealed interface Method
        permits Dense, SinqFamily, LaterSinq, Hqq, Gptq, Awq, Rotated, BitsAndBytes, LlamaCpp, External {

    /** The name in configurations, results and tables, such as {@code sinq}. */
    String name();

    /** Bits of a code; 16 for {@link Dense}. */
    int bits();

    /** Columns that share a scale; 0 where there are no groups. */
    int group();

    /** Shape of a tile; absent where the method has none. */
    default @Nullable Tiling tiling() {
        return null;
    }

    /** How scales and zeros are stored; absent where the method has none. */
    default @Nullable AuxPrecision aux() {
        return null;
    }

    /** Whether the method needs inputs recorded on a calibration text. */
    default boolean needsCalibration() {
        return false;
    }

    /** Whether those inputs come out of layers already quantized instead of dense ones. */
    default boolean sequentialCalibration() {
        return false;
    }

    /** Further settings that are not what they are by default; they tell a result from others of the same name. */
    default Map<MethodOption, Object> options() {
        return Map.of();
    }
}
