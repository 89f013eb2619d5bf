package dev.sinq4j.kernel;

/** Softmax attention of one query, two passes over the keys it sees. */
final class ScalarAttention {

    private ScalarAttention() {}

    /**
     * @param head     query head
     * @param row      of q and out: token * heads + head
     * @param position of the query
     */
    static void oneQuery(
            AttentionShape shape,
            float[] q,
            float[] keys,
            float[] values,
            int head,
            int row,
            int position,
            float[] out) {
        int first = shape.firstSeen(position);
        long base = (long) (head / shape.headsPerKvHead()) * shape.capacity();
        double[] weights = new double[position - first + 1];
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = score(shape, q, row, keys, (int) ((base + first + i) * shape.keyDim()));
            max = Math.max(max, weights[i]);
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(weights[i] - max);
            sum += weights[i];
        }
        for (int d = 0; d < shape.valueDim(); d++) {
            double mix = 0;
            for (int i = 0; i < weights.length; i++)
                mix += weights[i] * values[(int) ((base + first + i) * shape.valueDim()) + d];
            out[row * shape.valueDim() + d] = (float) (mix / sum);
        }
    }

    private static double score(AttentionShape shape, float[] q, int row, float[] keys, int key) {
        double sum = 0;
        for (int d = 0; d < shape.keyDim(); d++) sum += (double) q[row * shape.keyDim() + d] * keys[key + d];
        return sum * shape.scale();
    }
}
