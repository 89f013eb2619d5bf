package dev.sinq4j.method;

/**
 * HQQ exactly as its own library (0.2.8.post1) computes it, axis 1. Named {@code hqq}; the variant inside the SINQ
 * reference is a {@link SinqFamily} with HQQ rounding.
 *
 * @param bits  1, 2, 3, 4, 5, 6 or 8
 * @param group columns that share a scale
 * @param aux   how scales and zeros are stored
 */
public record Hqq(int bits, int group, AuxPrecision aux) implements Method {
    @Override
    public String name() {
        return "hqq";
    }
}
