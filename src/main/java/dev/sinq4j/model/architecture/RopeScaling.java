package dev.sinq4j.model.architecture;

/**
 * How rotary frequencies are stretched. Every step is rounded to fp32, as the tensors of transformers' {@code
 * modeling_rope_utils} are, so that angles agree at large positions.
 */
public sealed interface RopeScaling {

    /** @return (dim / 2), see {@link Rope#frequencies} */
    float[] frequencies(int dim, double theta, int length);

    /** Factor on cosines and sines. */
    default float amplitude() {
        return 1;
    }

    /** {@code theta^(2i / dim)} for every pair, fp32. */
    private static float[] periods(int dim, double theta) {
        float[] periods = new float[dim / 2];
        for (int i = 0; i < periods.length; i++) periods[i] = (float) Math.pow(theta, 2f * i / dim);
        return periods;
    }

    /** {@code f(i) = theta^(-2i / dim)}. */
    record None() implements RopeScaling {
        @Override
        public float[] frequencies(int dim, double theta, int length) {
            float[] frequencies = periods(dim, theta);
            for (int i = 0; i < frequencies.length; i++) frequencies[i] = 1 / frequencies[i];
            return frequencies;
        }
    }

    /** {@code f(i) / factor}. */
    record Linear(float factor) implements RopeScaling {
        @Override
        public float[] frequencies(int dim, double theta, int length) {
            float[] frequencies = new None().frequencies(dim, theta, length);
            for (int i = 0; i < frequencies.length; i++) frequencies[i] /= factor;
            return frequencies;
        }
    }

    /**
     * Llama 3.1: slow frequencies divided by the factor, fast ones kept, those between blended. With wavelength {@code w = 2 pi / f}:
     *
     * <pre>
     *   w > original / low     f / factor
     *   w < original / high    f
     *   otherwise              (1 - t) f / factor + t f,   t = (original / w - low) / (high - low)
     * </pre>
     */
    record Llama3(float factor, float low, float high, int original) implements RopeScaling {
        @Override
        public float[] frequencies(int dim, double theta, int length) {
            float[] frequencies = new None().frequencies(dim, theta, length);
            for (int i = 0; i < frequencies.length; i++) frequencies[i] = scaled(frequencies[i]);
            return frequencies;
        }

        private float scaled(float frequency) {
            float wavelength = (float) (2 * Math.PI) / frequency;
            if (wavelength > (float) ((double) original / low)) return frequency / factor;
            if (wavelength < (float) ((double) original / high)) return frequency;
            float t = (original / wavelength - low) / (high - low);
            return (1 - t) * frequency / factor + t * frequency;
        }
    }

    /**
     * YaRN: pairs that turn more than {@code betaFast} times within the original length are kept, those that turn less than
     * {@code betaSlow} times divided by the factor, a linear ramp between.
     *
     * @param amplitude factor on cosines and sines
     */
    record Yarn(float factor, int original, double betaFast, double betaSlow, boolean wholePairs, float amplitude)
            implements RopeScaling {
        @Override
        public float[] frequencies(int dim, double theta, int length) {
            double first = pairTurning(betaFast, dim, theta);
            double last = pairTurning(betaSlow, dim, theta);
            float low = (float) Math.max(wholePairs ? Math.floor(first) : first, 0);
            float high = (float) Math.min(wholePairs ? Math.ceil(last) : last, dim - 1);
            if (low == high) high += 0.001f;
            float[] periods = periods(dim, theta);
            float[] frequencies = new float[periods.length];
            for (int i = 0; i < frequencies.length; i++) {
                float kept = 1 - Math.clamp((i - low) / (high - low), 0f, 1f);
                frequencies[i] = 1 / (factor * periods[i]) * (1 - kept) + 1 / periods[i] * kept;
            }
            return frequencies;
        }

        /** The pair, as a fraction, that turns so many times within the original length. */
        private double pairTurning(double times, int dim, double theta) {
            return dim * Math.log(original / (times * 2 * Math.PI)) / (2 * Math.log(theta));
        }
    }

    /**
     * LongRoPE (Phi-3): every period has its own factor, one list for sequences up to the original length, one for longer.
     *
     * @param shortFactors (dim / 2)
     * @param longFactors  (dim / 2)
     * @param amplitude    factor on cosines and sines
     */
    record LongRope(float[] shortFactors, float[] longFactors, int original, float amplitude) implements RopeScaling {
        @Override
        public float[] frequencies(int dim, double theta, int length) {
            float[] factors = length > original ? longFactors : shortFactors;
            float[] frequencies = periods(dim, theta);
            for (int i = 0; i < frequencies.length; i++) frequencies[i] = 1 / (factors[i] * frequencies[i]);
            return frequencies;
        }
    }
}
