package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.HALVES;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.NEIGHBOURS;
import static dev.sinq4j.kernel.vector.Lanes.PAIRS;
import static dev.sinq4j.kernel.vector.Lanes.QUARTERS;

import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.kernel.Workers;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of one token. A unit is one key head and one chunk of positions, chunks of one length from the first position
 * seen; the query heads that share the key head read it together. The length depends on how many positions are seen, and
 * chunks are merged in order, so neither the split nor the result depends on the number of threads.
 */
final class DecodeAttention {

    /** Least positions of one chunk. */
    private static final int SHORTEST = 256;

    /** Most: long runs keep the prefetchers going, and more of them only leave threads without work. */
    private static final int LONGEST = 1024;

    /** Chunks there should be before they get longer. */
    private static final int FEWEST = 4;

    private final Workers workers;
    private int chunk; // positions of one, in the current call
    private float[] scores = new float[0]; // (units, group, chunk)
    private float[] partial = new float[0]; // (units, group, valueDim)
    private float[] max = new float[0]; // (units, group)
    private float[] sum = new float[0]; // (units, group)

    DecodeAttention(Workers workers) {
        this.workers = workers;
    }

    /**
     * @param row of q and out where the token's first head stands
     */
    void run(AttentionShape shape, float[] q, int row, float[] keys, float[] values, int position, float[] out) {
        int first = shape.firstSeen(position);
        int seen = position + 1 - first;
        int share = seen / FEWEST;
        chunk = Math.clamp(share - share % SHORTEST, SHORTEST, LONGEST);
        int chunks = Math.ceilDiv(seen, chunk);
        int units = shape.kvHeads() * chunks;
        reserve(shape, units);
        workers.run(units, (unit, worker) -> {
            int from = first + unit % chunks * chunk;
            int count = Math.min(chunk, position + 1 - from);
            attend(shape, q, row, keys, values, unit, unit / chunks, from, count);
        });
        for (int head = 0; head < shape.heads(); head++)
            merge(shape, head, chunks, out, (row + head) * shape.valueDim());
    }

    private void attend(
            AttentionShape shape,
            float[] q,
            int row,
            float[] keys,
            float[] values,
            int unit,
            int kvHead,
            int from,
            int count) {
        int group = shape.headsPerKvHead();
        int dim = shape.keyDim();
        int query = (row + kvHead * group) * dim;
        int key = (kvHead * shape.capacity() + from) * dim;
        int at = unit * group * chunk;
        int head = 0;
        for (; head <= group - 4; head += 4)
            fourHeads(q, query + head * dim, keys, key, dim, count, scores, at + head * chunk, chunk);
        for (; head < group; head++) oneHead(q, query + head * dim, keys, key, dim, count, scores, at + head * chunk);
        for (head = 0; head < group; head++) softmax(unit * group + head, count, shape.scale());
        mix(shape, values, (kvHead * shape.capacity() + from) * shape.valueDim(), unit, count);
    }

    private void softmax(int slot, int count, float scale) {
        int at = slot * chunk;
        int padded = Math.ceilDiv(count, L) * L;
        Arrays.fill(scores, at + count, at + padded, Float.NEGATIVE_INFINITY);
        max[slot] = Largest.scaled(scores, at, padded, scale);
        sum[slot] = Exponential.shifted(scores, at, padded, max[slot]);
    }

    private void mix(AttentionShape shape, float[] values, int value, int unit, int count) {
        int group = shape.headsPerKvHead();
        int dim = shape.valueDim();
        int at = unit * group * chunk;
        int to = unit * group * dim;
        int whole = ValueMix.run(scores, at, chunk, group, values, value, dim, count, partial, to);
        for (int head = 0; head < group; head++)
            for (int d = whole; d < dim; d++) {
                float mixed = 0;
                for (int i = 0; i < count; i++)
                    mixed = Math.fma(scores[at + head * chunk + i], values[value + i * dim + d], mixed);
                partial[to + head * dim + d] = mixed;
            }
    }

    private void merge(AttentionShape shape, int head, int chunks, float[] out, int at) {
        int group = shape.headsPerKvHead();
        int dim = shape.valueDim();
        int firstSlot = head / group * chunks * group + head % group;
        float highest = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < chunks; c++) highest = Math.max(highest, max[firstSlot + c * group]);
        double total = 0;
        for (int c = 0; c < chunks; c++)
            total += sum[firstSlot + c * group] * Math.exp(max[firstSlot + c * group] - highest);
        Arrays.fill(out, at, at + dim, 0);
        for (int c = 0; c < chunks; c++) {
            int slot = firstSlot + c * group;
            float share = (float) (Math.exp(max[slot] - highest) / total);
            for (int d = 0; d < dim; d++) out[at + d] = Math.fma(share, partial[slot * dim + d], out[at + d]);
        }
    }

    private static void fourHeads(
            float[] q, int query, float[] keys, int key, int dim, int count, float[] scores, int at, int stride) {
        int q1 = query + dim;
        int q2 = query + 2 * dim;
        int q3 = query + 3 * dim;
        for (int i = 0; i < count; i++) {
            int k = key + i * dim;
            FloatVector a = FloatVector.zero(F);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector e = a;
            int d = 0;
            for (; d <= dim - L; d += L) {
                FloatVector v = FloatVector.fromArray(F, keys, k + d);
                a = v.fma(FloatVector.fromArray(F, q, query + d), a);
                b = v.fma(FloatVector.fromArray(F, q, q1 + d), b);
                c = v.fma(FloatVector.fromArray(F, q, q2 + d), c);
                e = v.fma(FloatVector.fromArray(F, q, q3 + d), e);
            }
            if (L > 8) a = a.add(a.rearrange(HALVES));
            if (L > 4) a = a.add(a.rearrange(QUARTERS));
            a = a.add(a.rearrange(PAIRS));
            float s0 = a.add(a.rearrange(NEIGHBOURS)).lane(0);
            if (L > 8) b = b.add(b.rearrange(HALVES));
            if (L > 4) b = b.add(b.rearrange(QUARTERS));
            b = b.add(b.rearrange(PAIRS));
            float s1 = b.add(b.rearrange(NEIGHBOURS)).lane(0);
            if (L > 8) c = c.add(c.rearrange(HALVES));
            if (L > 4) c = c.add(c.rearrange(QUARTERS));
            c = c.add(c.rearrange(PAIRS));
            float s2 = c.add(c.rearrange(NEIGHBOURS)).lane(0);
            if (L > 8) e = e.add(e.rearrange(HALVES));
            if (L > 4) e = e.add(e.rearrange(QUARTERS));
            e = e.add(e.rearrange(PAIRS));
            float s3 = e.add(e.rearrange(NEIGHBOURS)).lane(0);
            for (; d < dim; d++) {
                s0 += q[query + d] * keys[k + d];
                s1 += q[q1 + d] * keys[k + d];
                s2 += q[q2 + d] * keys[k + d];
                s3 += q[q3 + d] * keys[k + d];
            }
            scores[at + i] = s0;
            scores[at + stride + i] = s1;
            scores[at + 2 * stride + i] = s2;
            scores[at + 3 * stride + i] = s3;
        }
    }

    private static void oneHead(
            float[] q, int query, float[] keys, int key, int dim, int count, float[] scores, int at) {
        for (int i = 0; i < count; i++) {
            int k = key + i * dim;
            FloatVector a = FloatVector.zero(F);
            int d = 0;
            for (; d <= dim - L; d += L)
                a = FloatVector.fromArray(F, keys, k + d).fma(FloatVector.fromArray(F, q, query + d), a);
            if (L > 8) a = a.add(a.rearrange(HALVES));
            if (L > 4) a = a.add(a.rearrange(QUARTERS));
            a = a.add(a.rearrange(PAIRS));
            float s = a.add(a.rearrange(NEIGHBOURS)).lane(0);
            for (; d < dim; d++) s += q[query + d] * keys[k + d];
            scores[at + i] = s;
        }
    }

    private void reserve(AttentionShape shape, int units) {
        int slots = units * shape.headsPerKvHead();
        if (scores.length < slots * chunk) scores = new float[slots * chunk];
        if (partial.length < slots * shape.valueDim()) partial = new float[slots * shape.valueDim()];
        if (max.length < slots) {
            max = new float[slots];
            sum = new float[slots];
        }
    }
}
