package dev.sinq4j.quant;

import dev.sinq4j.kernel.InputProducts;

/**
 * How far a layer's output is from the unquantized layer's, over all tokens; summed block of rows by block of rows. Must be
 * closed.
 */
sealed interface OutputError extends AutoCloseable {

    /** What is summed of each output's difference. */
    enum Norm {
        ABSOLUTE,
        SQUARE;

        double of(float difference) {
            return switch (this) {
                case ABSOLUTE -> Math.abs(difference);
                case SQUARE -> (double) difference * difference;
            };
        }

        /** Sum over {@code count} differences, in four parts so that no addition waits for the one before. */
        double sum(float[] differences, int from, int count) {
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            int e = from;
            for (; e <= from + count - 4; e += 4) {
                a += of(differences[e]);
                b += of(differences[e + 1]);
                c += of(differences[e + 2]);
                d += of(differences[e + 3]);
            }
            for (; e < from + count; e++) a += of(differences[e]);
            return a + b + (c + d);
        }
    }

    /** Begins with a block of rows of the unquantized weight. */
    Block of(Tile block);

    /** Mean of {@code count} summed differences. */
    double mean(double sum, double count);

    @Override
    void close();

    /** A block of rows at work. */
    interface Block {

        /**
         * Sum over tokens and rows.
         *
         * @param quantized (rows, columns); may be overwritten
         */
        double sum(float[] quantized);
    }

    /** {@code X (W~ - W)^T} in fp32. */
    record Difference(Norm norm, int tokens, InputProducts products) implements OutputError {
        @Override
        public Block of(Tile block) {
            float[] outputs = new float[block.rows() * products.stride()];
            return quantized -> {
                for (int e = 0; e < quantized.length; e++) quantized[e] -= block.values()[e];
                products.multiply(quantized, block.rows(), outputs);
                double sum = 0;
                for (int i = 0; i < block.rows(); i++) sum += norm.sum(outputs, i * products.stride(), tokens);
                return sum;
            };
        }

        @Override
        public double mean(double sum, double count) {
            return sum / count;
        }

        @Override
        public void close() {
            products.close();
        }
    }

    /** {@code X W^T} and {@code X W~^T}, their difference and its mean, each rounded to fp16, as the reference does. */
    record HalfProducts(Norm norm, int tokens, InputProducts products) implements OutputError {
        @Override
        public Block of(Tile block) {
            float[] exact = products(block.values(), block.rows());
            return quantized -> {
                float[] outputs = products(quantized, block.rows());
                double sum = 0;
                for (int i = 0; i < block.rows(); i++)
                    for (int e = i * products.stride(); e < i * products.stride() + tokens; e++) {
                        float term = (float) norm.of(Half.round(outputs[e] - exact[e]));
                        sum += Half.round(term);
                    }
                return sum;
            };
        }

        private float[] products(float[] weight, int rows) {
            float[] outputs = new float[rows * products.stride()];
            products.multiply(weight, rows, outputs);
            for (int e = 0; e < outputs.length; e++) outputs[e] = Half.round(outputs[e]);
            return outputs;
        }

        @Override
        public double mean(double sum, double count) {
            return Half.round((float) (sum / count));
        }

        @Override
        public void close() {
            products.close();
        }
    }
}
