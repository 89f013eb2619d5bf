package dev.sinq4j.quant;

import dev.sinq4j.method.Awq;

/**
 * AWQ from its definition, in fp64 and without a shortcut.
 *
 * @param ratio       chosen by the scale search
 * @param searchError its mean squared output error
 * @param weights     the result, (rows, columns)
 */
record NaiveAwq(double ratio, double searchError, float[] weights) {

    static NaiveAwq of(float[] w, int rows, int columns, Inputs inputs, Awq method) {
        int bestRatio = -1;
        double bestError = Double.POSITIVE_INFINITY;
        for (int r = 0; r < 20; r++) {
            double[] s = scale(w, rows, columns, inputs, method, r / 20.0);
            double error = 0;
            for (int row = 0; row < rows; row++)
                error += outputError(w, row, rounded(scaled(w, row, s), method), s, inputs, 0, columns, 1);
            error /= (double) rows * inputs.tokens();
            if (error >= bestError) continue;
            bestError = error;
            bestRatio = r;
        }
        double[] s = scale(w, rows, columns, inputs, method, bestRatio / 20.0);
        float[] result = new float[w.length];
        for (int row = 0; row < rows; row++) {
            double[] scaled = scaled(w, row, s);
            double[] quantized = rounded(method.clip() ? clipped(w, row, scaled, s, inputs, method) : scaled, method);
            for (int j = 0; j < columns; j++) result[row * columns + j] = (float) (quantized[j] / s[j]);
        }
        return new NaiveAwq(bestRatio / 20.0, bestError, result);
    }

    private static double[] scale(float[] w, int rows, int columns, Inputs inputs, Awq method, double r) {
        double[] s = new double[columns];
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int j = 0; j < columns; j++) {
            double x = 0;
            for (int t = 0; t < inputs.tokens(); t++)
                x += Math.abs(inputs.values()[t * columns + j]) / (double) inputs.tokens();
            double mean = 0;
            for (int row = 0; row < rows; row++) {
                double largest = 0;
                int first = j / method.group() * method.group();
                for (int k = first; k < Math.min(columns, first + method.group()); k++)
                    largest = Math.max(largest, Math.abs(w[row * columns + k]));
                mean += Math.abs(w[row * columns + j]) / (largest + 1e-6) / rows;
            }
            s[j] = Math.max(Math.pow(x, r) / (Math.pow(mean, 1 - r) + 1e-4), 1e-4);
            least = Math.min(least, s[j]);
            most = Math.max(most, s[j]);
        }
        for (int j = 0; j < columns; j++) s[j] /= Math.sqrt(least * most);
        return s;
    }

    private static double[] scaled(float[] w, int row, double[] s) {
        double[] scaled = new double[s.length];
        for (int j = 0; j < s.length; j++) scaled[j] = w[row * s.length + j] * s[j];
        return scaled;
    }

    private static double[] rounded(double[] w, Awq method) {
        double[] rounded = new double[w.length];
        int top = (1 << method.bits()) - 1;
        for (int first = 0; first < w.length; first += method.group()) {
            int last = Math.min(w.length, first + method.group());
            double least = w[first];
            double most = w[first];
            for (int j = first; j < last; j++) {
                least = Math.min(least, w[j]);
                most = Math.max(most, w[j]);
            }
            double step = Math.max(most - least, 1e-5) / top;
            double zero = Math.max(0, Math.min(top, -Math.rint(least / step)));
            for (int j = first; j < last; j++)
                rounded[j] = (Math.max(0, Math.min(top, Math.rint(w[j] / step) + zero)) - zero) * step;
        }
        return rounded;
    }

    private static double[] clipped(float[] w, int row, double[] scaled, double[] s, Inputs inputs, Awq method) {
        double[] result = scaled.clone();
        int thinning = Math.max(1, inputs.tokens() / 512);
        for (int first = 0; first < s.length; first += method.group()) {
            int last = Math.min(s.length, first + method.group());
            double largest = 0;
            for (int j = first; j < last; j++) largest = Math.max(largest, Math.abs(scaled[j]));
            double bestError = Double.POSITIVE_INFINITY;
            for (int i = 0; i < 10; i++) {
                double bound = largest * (1 - i / 20.0);
                double[] candidate = scaled.clone();
                for (int j = first; j < last; j++) candidate[j] = Math.max(-bound, Math.min(bound, scaled[j]));
                double error = outputError(w, row, rounded(candidate, method), s, inputs, first, last, thinning);
                if (error >= bestError) continue;
                bestError = error;
                System.arraycopy(candidate, first, result, first, last - first);
            }
        }
        return result;
    }

    /** Squared difference of the output of some columns of a row, summed over tokens. */
    private static double outputError(
            float[] w, int row, double[] quantized, double[] s, Inputs inputs, int first, int last, int thinning) {
        double error = 0;
        for (int t = 0; t < inputs.tokens(); t += thinning) {
            double difference = 0;
            for (int j = first; j < last; j++)
                difference += inputs.values()[t * s.length + j] * (quantized[j] / s[j] - w[row * s.length + j]);
            error += difference * difference;
        }
        return error;
    }
}
