package dev.sinq4j.quant;

import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.util.stream.IntStream;

/**
 * Distance of a quantized weight from the one it was made of. Squares are summed in fp64, row by row, rows in order.
 *
 * @param squaredError |W~ - W|^2, Frobenius norm
 * @param squaredNorm  |W|^2
 * @param elements     of the matrix
 */
public record ReconstructionError(double squaredError, double squaredNorm, long elements) {

    /** Mean of (w~ - w)^2. */
    public double mse() {
        return squaredError / elements;
    }

    /** |W~ - W| / |W|; 0 where nothing differs. */
    public double relative() {
        return squaredError == 0 ? 0 : Math.sqrt(squaredError / squaredNorm);
    }

    /** @param original the weight as the model stores it, not rounded to fp16 */
    public static ReconstructionError of(Tensor original, Weight quantized) {
        RowSource rows = switch (quantized) {
            case DenseWeight dense ->
                (row, target) -> dense.tensor().read((long) row * dense.columns(), dense.columns(), target, 0);
            case PackedWeight packed -> {
                Dequantizer dequantizer = new Dequantizer(packed);
                yield (row, target) -> dequantizer.row(row, target, 0);
            }
        };
        return of(original, rows);
    }

    /** Where the quantized rows come from. */
    private interface RowSource {
        void read(int row, float[] target);
    }

    private static ReconstructionError of(Tensor original, RowSource quantized) {
        int columns = original.columns();
        double[] errors = new double[original.rows()];
        double[] norms = new double[original.rows()];
        IntStream.range(0, original.rows()).parallel().forEach(row -> {
            float[] exact = new float[columns];
            float[] stored = new float[columns];
            original.read((long) row * columns, columns, exact, 0);
            quantized.read(row, stored);
            for (int j = 0; j < columns; j++) {
                double difference = (double) stored[j] - exact[j];
                errors[row] += difference * difference;
                norms[row] += (double) exact[j] * exact[j];
            }
        });
        double error =
                IntStream.range(0, errors.length).mapToDouble(i -> errors[i]).reduce(0, Double::sum);
        double norm =
                IntStream.range(0, norms.length).mapToDouble(i -> norms[i]).reduce(0, Double::sum);
        return new ReconstructionError(error, norm, original.elements());
    }
}
