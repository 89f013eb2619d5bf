package dev.sinq4j.kernel;

import dev.sinq4j.tensor.BFloat16;
import java.util.Arrays;

/** {@link TileKernels} in plain loops; standard deviations from a centered second pass. */
final class ScalarTileKernels implements TileKernels {

    @Override
    public void deviations(
            float[] tile,
            int rows,
            int columns,
            float[] columnDivisor,
            float[] rowDivisor,
            float[] columnDeviation,
            float[] rowDeviation) {
        float[] scaled = Arrays.copyOf(tile, rows * columns);
        divide(scaled, rows, columns, columnDivisor, rowDivisor);
        for (int i = 0; i < rows; i++) rowDeviation[i] = deviation(scaled, i * columns, 1, columns);
        for (int j = 0; j < columns; j++) columnDeviation[j] = deviation(scaled, j, columns, rows);
    }

    /** Unbiased standard deviation of {@code count} numbers, mean and squares summed in fp64 from the first to the last. */
    static float deviation(float[] values, int first, int stride, int count) {
        double sum = 0;
        for (int k = 0; k < count; k++) sum += values[first + k * stride];
        double mean = sum / count;
        double squares = 0;
        for (int k = 0; k < count; k++) {
            double difference = values[first + k * stride] - mean;
            squares += difference * difference;
        }
        return (float) Math.sqrt(squares / (count - 1));
    }

    @Override
    public void widenBFloat16(short[] bits, int count, float[] values, int offset) {
        for (int i = 0; i < count; i++) values[offset + i] = BFloat16.toFloat(bits[i]);
    }

    @Override
    public boolean allFinite(float[] values, int count) {
        for (int i = 0; i < count; i++) if (!Float.isFinite(values[i])) return false;
        return true;
    }

    @Override
    public void logarithms(float[] values, int count) {
        for (int i = 0; i < count; i++) values[i] = (float) Math.log(values[i]);
    }

    @Override
    public void exponentials(float[] values, int count, float[] out) {
        for (int i = 0; i < count; i++) out[i] = (float) Math.exp(values[i]);
    }

    @Override
    public void divide(float[] tile, int rows, int columns, float[] columnDivisor, float[] rowDivisor) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int e = i * columns + j;
                tile[e] = tile[e] / columnDivisor[j] / rowDivisor[i];
            }
        }
    }

    @Override
    public void multiply(float[] tile, int rows, int columns, float[] columnFactor, float[] rowFactor) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int e = i * columns + j;
                tile[e] = tile[e] * columnFactor[j] * rowFactor[i];
            }
        }
    }

    @Override
    public void ranges(float[] tile, int rows, int columns, float[] minimum, float[] maximum) {
        for (int i = 0; i < rows; i++) {
            float least = tile[i * columns];
            float most = least;
            for (int j = 1; j < columns; j++) {
                float value = tile[i * columns + j];
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
            minimum[i] = least;
            maximum[i] = most;
        }
    }

    @Override
    public void roundToCodes(
            float[] tile, int rows, int columns, float[] scale, float[] zero, int maxCode, byte[] codes) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int e = i * columns + j;
                double code = Math.rint(tile[e] / scale[i] + zero[i]);
                codes[e] = (byte) Math.clamp(code, 0.0, (double) maxCode);
            }
        }
    }

    @Override
    public void scaleToCodes(
            float[] tile, int rows, int columns, float[] factor, float[] zero, int maxCode, byte[] codes) {
        for (int i = 0, e = 0; i < rows; i++)
            for (int j = 0; j < columns; j++, e++)
                codes[e] = (byte) (int) HalfQuadratic.code(tile[e], factor[i], zero[i], maxCode);
    }

    @Override
    public double hqqStep(float[] tile, int rows, int columns, float[] inverseScale, float[] zero, int maxCode) {
        double error = 0;
        for (int i = 0, e = 0; i < rows; i++) {
            float factor = inverseScale[i];
            LaneSum errors = new LaneSum();
            LaneSum zeros = new LaneSum();
            for (int j = 0; j < columns; j++, e++) {
                float code = HalfQuadratic.code(tile[e], factor, zero[i], maxCode);
                float difference = HalfQuadratic.difference(tile[e], factor, zero[i], code);
                errors.add(j, columns, Math.abs(difference));
                zeros.add(j, columns, code - (tile[e] - HalfQuadratic.shrink(difference)) * factor);
            }
            error += errors.total();
            zero[i] = (float) (zeros.total() / columns);
        }
        return error;
    }

    @Override
    public void means(float[] tile, int rows, int columns, float[] mean) {
        for (int i = 0, e = 0; i < rows; i++) {
            LaneSum sum = new LaneSum();
            for (int j = 0; j < columns; j++, e++) sum.add(j, columns, tile[e]);
            mean[i] = (float) (sum.total() / columns);
        }
    }

    @Override
    public void roundToLevels(
            float[] tile, int rows, int columns, float[] scale, float[] zero, float[] thresholds, byte[] codes) {
        for (int i = 0, e = 0; i < rows; i++)
            for (int j = 0; j < columns; j++, e++) codes[e] = level(tile[e] / scale[i] + zero[i], thresholds);
    }

    /** How many of the thresholds a number reaches. */
    static byte level(float position, float[] thresholds) {
        int level = 0;
        for (float threshold : thresholds) if (position >= threshold) level++;
        return (byte) level;
    }

    @Override
    public void dequantize(
            byte[] codes,
            int rows,
            int columns,
            float[] scale,
            float[] zero,
            float[] columnDivisor,
            float[] columnFactor,
            float[] rowFactor,
            float[] out) {
        for (int i = 0, e = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++, e++) {
                float level = ((codes[e] & 0xFF) - zero[i]) * scale[i];
                out[e] = level / columnDivisor[j] * columnFactor[j] * rowFactor[i];
            }
        }
    }

    @Override
    public InputProducts inputProducts(float[] x, int tokens, int columns) {
        return new ScalarInputProducts(x, tokens, columns);
    }
}
