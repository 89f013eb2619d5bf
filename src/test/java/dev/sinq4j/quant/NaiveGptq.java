package dev.sinq4j.quant;

import dev.sinq4j.method.Gptq;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** GPTQ written down as its definition says, column by column, with an explicit inverse: an oracle for small layers. */
final class NaiveGptq {

    private NaiveGptq() {}

    /** An asymmetric grid whose range holds 0; its scale is fp32, as stored. */
    record Affine(float scale, double zero, int maxCode) {

        static Affine of(double[] weights, int bits) {
            double least = 0;
            double most = 0;
            for (double weight : weights) {
                least = Math.min(least, weight);
                most = Math.max(most, weight);
            }
            int maxCode = (1 << bits) - 1;
            float scale = (float) ((most - least) / maxCode);
            return new Affine(scale, Math.rint(-least / scale), maxCode);
        }

        double round(double weight) {
            double code = Math.rint(weight / scale) + zero;
            return (Math.min(Math.max(code, 0), maxCode) - zero) * scale;
        }
    }

    /** The quantized matrix, its columns where they were. */
    static double[][] quantized(float[] weight, int rows, Gptq method, Inputs inputs) {
        int columns = inputs.columns();
        double[][] hessian = hessian(inputs);
        int[] order = IntStream.range(0, columns).toArray();
        if (method.actOrder())
            order = IntStream.of(order)
                    .boxed()
                    .sorted(Comparator.comparingDouble(j -> -hessian[j][j]))
                    .mapToInt(j -> j)
                    .toArray();
        double mean = 0;
        for (int j = 0; j < columns; j++) mean += hessian[j][j] / columns;
        double[][] damped = new double[columns][columns];
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < columns; j++)
                damped[i][j] = hessian[order[i]][order[j]] + (i == j ? method.dampingPercent() * mean : 0);
        double[][] lower = cholesky(inverse(damped));
        double[][] result = new double[rows][];
        for (int row = 0; row < rows; row++) {
            double[] original = new double[columns];
            for (int j = 0; j < columns; j++) original[j] = weight[row * columns + j];
            result[row] = row(original, order, lower, method);
        }
        return result;
    }

    private static double[] row(double[] original, int[] order, double[][] lower, Gptq method) {
        int columns = original.length;
        int group = method.group();
        double[] weights = new double[columns];
        for (int i = 0; i < columns; i++) weights[i] = original[order[i]];
        double[] result = new double[columns];
        Affine grid = null;
        for (int i = 0; i < columns; i++) {
            if (method.staticGroups()) grid = grid(original, order[i] / group * group, method);
            else if (i % group == 0) grid = grid(weights, i, method);
            double rounded = grid.round(weights[i]);
            result[order[i]] = rounded;
            double error = (weights[i] - rounded) / lower[i][i];
            for (int j = i + 1; j < columns; j++) weights[j] -= error * lower[j][i];
        }
        return result;
    }

    private static Affine grid(double[] weights, int first, Gptq method) {
        int last = Math.min(weights.length, first + method.group());
        return Affine.of(Arrays.copyOfRange(weights, first, last), method.bits());
    }

    private static double[][] hessian(Inputs inputs) {
        int columns = inputs.columns();
        double[][] hessian = new double[columns][columns];
        for (int token = 0; token < inputs.tokens(); token++)
            for (int i = 0; i < columns; i++)
                for (int j = 0; j < columns; j++)
                    hessian[i][j] += 2.0
                            / inputs.tokens()
                            * inputs.values()[token * columns + i]
                            * inputs.values()[token * columns + j];
        return hessian;
    }

    /** Gauss-Jordan. */
    private static double[][] inverse(double[][] matrix) {
        int size = matrix.length;
        double[][] inverse = new double[size][size];
        for (int i = 0; i < size; i++) inverse[i][i] = 1;
        for (int pivot = 0; pivot < size; pivot++) {
            double factor = 1 / matrix[pivot][pivot];
            for (int j = 0; j < size; j++) {
                matrix[pivot][j] *= factor;
                inverse[pivot][j] *= factor;
            }
            for (int i = 0; i < size; i++) {
                if (i == pivot) continue;
                double times = matrix[i][pivot];
                for (int j = 0; j < size; j++) {
                    matrix[i][j] -= times * matrix[pivot][j];
                    inverse[i][j] -= times * inverse[pivot][j];
                }
            }
        }
        return inverse;
    }

    private static double[][] cholesky(double[][] matrix) {
        int size = matrix.length;
        double[][] lower = new double[size][size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
                lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
            }
        return lower;
    }
}
