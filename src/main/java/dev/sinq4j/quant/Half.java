package dev.sinq4j.quant;

/** fp16 rounding, nearest, ties to even. */
final class Half {

    private Half() {}

    /** The fp16 number nearest to {@code value}, as fp32. */
    static float round(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
    }

    /** Every number rounded to fp16, as fp32. */
    static float[] rounded(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) rounded[i] = round(values[i]);
        return rounded;
    }

    /** fp16 bits of every number. */
    static short[] bits(float[] values) {
        short[] bits = new short[values.length];
        for (int i = 0; i < values.length; i++) bits[i] = Float.floatToFloat16(values[i]);
        return bits;
    }
}
