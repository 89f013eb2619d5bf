package dev.sinq4j.presinq;

import dev.sinq4j.model.architecture.Linear;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what the tensors of one layer are multiplied: rows by one number each, columns divided by one each, fp64. A norm's weight and
 * a bias have rows alone.
 */
final class LayerFactors {

    private final Map<String, double[]> rows = new HashMap<>();
    private final Map<String, double[]> columns = new HashMap<>();

    /** Multiplies the outputs of a norm, or of a matrix and its bias. */
    void multiplyOutputs(Absorbed.Producer producer, int[] outputs, double[] scale) {
        switch (producer) {
            case Absorbed.Producer.Norm norm ->
                multiply(
                        ones(
                                rows,
                                norm.weight().name(),
                                Math.toIntExact(norm.weight().elements())),
                        outputs,
                        scale);
            case Absorbed.Producer.Rows matrix -> {
                Linear linear = matrix.linear();
                multiply(ones(rows, linear.tensor(), linear.rows()), outputs, scale);
                linear.bias().ifPresent(bias -> multiply(ones(rows, bias.name(), linear.rows()), outputs, scale));
            }
        }
    }

    /** Divides a matrix's columns. */
    void divideColumns(Linear linear, double[] scale) {
        double[] divisor = ones(columns, linear.tensor(), linear.columns());
        for (int c = 0; c < scale.length; c++) divisor[c] *= scale[c];
    }

    /** Columns that read one output have one scale, so each output is multiplied once. */
    private static void multiply(double[] factors, int[] outputs, double[] scale) {
        boolean[] done = new boolean[factors.length];
        for (int c = 0; c < outputs.length; c++) {
            if (!done[outputs[c]]) factors[outputs[c]] *= scale[c];
            done[outputs[c]] = true;
        }
    }

    private static double[] ones(Map<String, double[]> factors, String tensor, int size) {
        return factors.computeIfAbsent(tensor, name -> {
            double[] ones = new double[size];
            Arrays.fill(ones, 1);
            return ones;
        });
    }

    /** Factors of a tensor's rows; null where all are 1. */
    double @Nullable [] rows(String tensor) {
        return rows.get(tensor);
    }

    /** Divisors of a matrix's columns; null where all are 1. */
    double @Nullable [] columns(String tensor) {
        return columns.get(tensor);
    }

    /** Scales a part of a row in place, rounding each number once. */
    void apply(String tensor, int row, int firstColumn, float[] values, int offset, int count) {
        double @Nullable [] rowFactors = rows.get(tensor);
        double @Nullable [] divisors = columns.get(tensor);
        double factor = rowFactors == null ? 1 : rowFactors[row];
        if (divisors == null) {
            if (factor != 1) for (int i = 0; i < count; i++) values[offset + i] = (float) (values[offset + i] * factor);
            return;
        }
        for (int i = 0; i < count; i++)
            values[offset + i] = (float) (values[offset + i] * factor / divisors[firstColumn + i]);
    }
}
