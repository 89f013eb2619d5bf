package dev.sinq4j.method;

import dev.sinq4j.method.SinqFamily.Rounding;
import org.jspecify.annotations.Nullable;

/** What bits and groups a method can have. Each rule answers with the reason of a refusal, or null. */
final class MethodRules {

    static final int MIN_GROUP = 8;
    static final int MAX_GROUP = 1024;

    private MethodRules() {}

    static @Nullable String refuseBits(int bits) {
        if (bits == 7) return "7 bits have no container of their own; write 6 or 8";
        return bits >= 1 && bits <= 8 ? null : bits + " is not one of 1, 2, 3, 4, 5, 6, 8";
    }

    static @Nullable String refuseBits(Rounding rounding, int bits) {
        return switch (rounding) {
            case NF4 -> bits == 4 ? null : "NF4 has 16 levels, so bits must be 4, not " + bits;
            case NF3 -> bits == 3 ? null : "NF3 has 8 levels, so bits must be 3, not " + bits;
            case UNIFORM_SYMMETRIC ->
                bits >= 3
                        ? null
                        : "symmetric rounding uses codes 1 to 2^bits - 3, so bits must be 3 or more, not " + bits;
            case UNIFORM_ASYMMETRIC, HQQ -> null;
        };
    }

    static @Nullable String refuseGroup(int group) {
        return group >= MIN_GROUP && group <= MAX_GROUP && group % 8 == 0
                ? null
                : group + " is not a multiple of 8 from " + MIN_GROUP + " to " + MAX_GROUP + " (usual: 32, 64, 128)";
    }

    static void requireBits(int bits) {
        require("bits", refuseBits(bits));
    }

    static void requireBitsOf(Rounding rounding, int bits) {
        require("bits", refuseBits(rounding, bits));
    }

    static void requireGroup(int group) {
        require("group", refuseGroup(group));
    }

    private static void require(String field, @Nullable String reason) {
        if (reason != null) throw new IllegalArgumentException(field + ": " + reason);
    }
}
