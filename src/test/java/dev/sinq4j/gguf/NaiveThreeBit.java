package dev.sinq4j.gguf;

/**
 * Q3_K written down straight from its definition, without bytes: what 256 numbers become. Sums are made anew for each
 * candidate, in fp64, where ggml carries fp32 sums along; the test's numbers have no decision close enough to tell.
 */
final class NaiveThreeBit {

    private NaiveThreeBit() {}

    static float[] decoded(float[] x) {
        double[] scale = new double[16];
        for (int p = 0; p < 16; p++) scale[p] = scale(x, 16 * p);
        int largest = 0;
        for (int p = 1; p < 16; p++) if (Math.abs(scale[p]) > Math.abs(scale[largest])) largest = p;
        float[] decoded = new float[256];
        if (scale[largest] == 0) return decoded;
        float inverse = -32 / (float) scale[largest];
        float d = Float.float16ToFloat(Float.floatToFloat16(1 / inverse));
        for (int k = 0; k < 256; k++) {
            long sub = Math.max(-32, Math.min(31, Math.round(Math.rint((float) scale[k / 16] * inverse))));
            float step = d * sub;
            long code = step == 0 ? 0 : Math.max(-4, Math.min(3, Math.round(Math.rint(x[k] / step))));
            decoded[k] = step * code;
        }
        return decoded;
    }

    private static double scale(float[] x, int first) {
        double farthest = 0;
        for (int i = 0; i < 16; i++) if (Math.abs(x[first + i]) > Math.abs(farthest)) farthest = x[first + i];
        if (farthest == 0) return 0;
        int[] code = new int[16];
        for (int i = 0; i < 16; i++) code[i] = code((float) (-4 / farthest) * x[first + i]);
        boolean changed = true;
        for (int sweep = 0; sweep < 5 && changed; sweep++) {
            changed = false;
            for (int i = 0; i < 16; i++) {
                double without = sum(x, first, code, i, true);
                if (without <= 0) continue;
                int[] other = code.clone();
                other[i] = code((float) (x[first + i] * sum(x, first, code, i, false) / without));
                if (quality(x, first, other) <= quality(x, first, code) || other[i] == code[i]) continue;
                code = other;
                changed = true;
            }
        }
        return sum(x, first, code, -1, true) / sum(x, first, code, -1, false);
    }

    private static double quality(float[] x, int first, int[] code) {
        double product = sum(x, first, code, -1, true);
        return product * product / sum(x, first, code, -1, false);
    }

    /** Sum of w^3 code or of w^2 code^2, one element left out. */
    private static double sum(float[] x, int first, int[] code, int without, boolean product) {
        double sum = 0;
        for (int i = 0; i < 16; i++) {
            double w = x[first + i];
            if (i != without) sum += w * w * (product ? w * code[i] : code[i] * code[i]);
        }
        return sum;
    }

    private static int code(float position) {
        return (int) Math.max(-4, Math.min(3, Math.rint(position)));
    }
}
