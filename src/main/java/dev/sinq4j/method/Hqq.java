package dev.sinq4j.method;

/**
 * HQQ exactly as its own library (0.2.8.post1) computes it, axis 1. Named {@code hqq}; the variant inside the SINQ
 * reference is a {@link SinqFamily} with HQQ rounding.
 *
 * @param bits  1, 2, 3, 4, 5, 6 or 8
 * @param group columns that share a scale
 * @param aux   how scales and zeros are stored: fp32 as the library computes them, or rounded to fp16
 */
public record Hqq(int bits, int group, AuxPrecision aux) implements Method {

    public Hqq {
        MethodRules.requireBits(bits);
        MethodRules.requireGroup(group);
        if (aux == AuxPrecision.INT8) throw new IllegalArgumentException("the HQQ library stores no 8-bit scales");
    }

    @Override
    public String name() {
        return "hqq";
    }
}
