package dev.sinq4j.method;

/**
 * bitsandbytes' 4-bit codes: each block of consecutive weights, counted along the rows and on into the next, is divided by its
 * largest size and takes the nearest of 16 levels. Named {@code bnb-nf4} and {@code bnb-fp4}.
 *
 * <p>Source: {@code bitsandbytes-foundation/bitsandbytes} 95f9af30, {@code functional.quantize_4bit}; NF4 is Dettmers et al.
 * 2023 (QLoRA). Scales are fp32, not quantized again.
 *
 * @param levels which 16 numbers
 * @param group  weights of a block, a power of two from 32 on
 */
public record BitsAndBytes(Levels levels, int group) implements Method {

    /** Smallest block the library takes. */
    static final int MIN_BLOCK = 32;

    public BitsAndBytes {
        if (group < MIN_BLOCK || group > MethodRules.MAX_GROUP || Integer.bitCount(group) != 1)
            throw new IllegalArgumentException("group: " + group + " is no power of two from 32 to 1024");
    }

    /** The codebooks. */
    public enum Levels {
        /** Quantiles of the normal distribution. */
        NF4("bnb-nf4"),
        /** A sign, two bits of exponent and one of mantissa. */
        FP4("bnb-fp4");

        private final String method;

        Levels(String method) {
            this.method = method;
        }
    }

    @Override
    public String name() {
        return levels.method;
    }

    @Override
    public int bits() {
        return 4;
    }

    @Override
    public AuxPrecision aux() {
        return AuxPrecision.FP32;
    }
}
