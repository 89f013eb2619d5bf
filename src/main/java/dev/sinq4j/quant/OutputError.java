package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;

/** How far a layer's output is from the unquantized layer's, over all tokens; summed block of rows by block of rows. */
sealed interface OutputError {

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
    }

    /** Begins with a block of rows of the unquantized weight. */
    Block of(Tile block);

    /** Mean of {@code count} summed differences. */
    double mean(double sum, double count);

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
    record Difference(Norm norm, Inputs inputs, TileKernels kernels) implements OutputError {
        @Override
        public Block of(Tile block) {
            float[] outputs = new float[inputs.tokens() * block.rows()];
            return quantized -> {
                for (int e = 0; e < quantized.length; e++) quantized[e] -= block.values()[e];
                kernels.products(inputs.values(), inputs.tokens(), quantized, block.rows(), block.columns(), outputs);
                double sum = 0;
                for (float output : outputs) sum += norm.of(output);
                return sum;
            };
        }

        @Override
        public double mean(double sum, double count) {
            return sum / count;
        }
    }

    /** {@code X W^T} and {@code X W~^T}, their difference and its mean, each rounded to fp16, as the reference does. */
    record HalfProducts(Norm norm, Inputs inputs, TileKernels kernels) implements OutputError {
        @Override
        public Block of(Tile block) {
            float[] exact = products(block.values(), block);
            return quantized -> {
                float[] outputs = products(quantized, block);
                double sum = 0;
                for (int e = 0; e < outputs.length; e++) {
                    float term = (float) norm.of(Half.round(outputs[e] - exact[e]));
                    sum += Half.round(term);
                }
                return sum;
            };
        }

        private float[] products(float[] weight, Tile block) {
            float[] outputs = new float[inputs.tokens() * block.rows()];
            kernels.products(inputs.values(), inputs.tokens(), weight, block.rows(), block.columns(), outputs);
            for (int e = 0; e < outputs.length; e++) outputs[e] = Half.round(outputs[e]);
            return outputs;
        }

        @Override
        public double mean(double sum, double count) {
            return Half.round((float) (sum / count));
        }
    }
}
