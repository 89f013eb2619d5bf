package dev.sinq4j.kernel.vector;

/**
 * fp16 to fp32 with integer operations: a number that stands in the upper half of a 32-bit lane is shifted down by 3,
 * keeping its sign, which puts exponent and mantissa in their fp32 places, {@link #KEEP} clears the rest, and a
 * multiplication by {@link #BIAS} corrects the exponent. Exact, subnormal numbers included; infinities and NaN, which no
 * weight should have, come out as numbers of their exponent.
 */
final class HalfBits {

    static final int KEEP = 0x8FFFE000;
    static final float BIAS = 0x1p112f;

    private HalfBits() {}
}
