package dev.sinq4j.weight;

/** Scales or zeros as they are stored. */
public sealed interface Auxiliary {

    /** The values an engine uses, widened to fp32; (rows, groups), or one for {@link Constant}. */
    float[] values();

    /** Bytes in a file. */
    long storedBytes();

    /** Half precision. */
    record Half(short[] bits) implements Auxiliary {
        @Override
        public float[] values() {
            float[] values = new float[bits.length];
            for (int i = 0; i < bits.length; i++) values[i] = Float.float16ToFloat(bits[i]);
            return values;
        }

        @Override
        public long storedBytes() {
            return 2L * bits.length;
        }
    }

    /** Single precision, as the HQQ library and bitsandbytes keep them. */
    record Single(float[] values) implements Auxiliary {
        @Override
        public long storedBytes() {
            return 4L * values.length;
        }
    }

    /**
     * 8-bit codes with an fp16 step and minimum for each stride class: the element stored at position p belongs to class
     * {@code p % step.length}, its value is {@code half(half(code * step) + minimum)}.
     *
     * <p>Source: SINQ reference, {@code quantAux}; the scales of a layer are viewed as (32, -1) and each column of that
     * view is a class, the zeros form one class.
     *
     * @param codes (rows, groups), row-major
     * @param step  one a class, fp16
     * @param minimum one a class, fp16
     * @param order where the reference stores each element, which decides its class
     */
    record Int8(byte[] codes, short[] step, short[] minimum, StoredOrder order) implements Auxiliary {

        public Int8 {
            if (codes.length != (long) order.rows() * order.groups())
                throw new IllegalArgumentException(
                        "expected " + order.rows() + " x " + order.groups() + " codes, found " + codes.length);
        }

        /** Elements stored row by row, as 1D tiling does. */
        public Int8(byte[] codes, short[] step, short[] minimum) {
            this(codes, step, minimum, new StoredOrder(codes.length, 1, 1));
        }

        @Override
        public float[] values() {
            float[] values = new float[codes.length];
            for (int row = 0, e = 0; row < order.rows(); row++) {
                for (int group = 0; group < order.groups(); group++, e++) {
                    int c = order.position(row, group) % step.length;
                    float product = half((codes[e] & 0xFF) * Float.float16ToFloat(step[c]));
                    values[e] = half(product + Float.float16ToFloat(minimum[c]));
                }
            }
            return values;
        }

        @Override
        public long storedBytes() {
            return codes.length + 2L * step.length + 2L * minimum.length;
        }

        private static float half(float value) {
            return Float.float16ToFloat(Float.floatToFloat16(value));
        }
    }

    /** One fp16 number for the whole layer: the zero of symmetric rounding, or no zero at all. */
    record Constant(short bits) implements Auxiliary {
        @Override
        public float[] values() {
            return new float[] {Float.float16ToFloat(bits)};
        }

        @Override
        public long storedBytes() {
            return 2;
        }
    }
}
