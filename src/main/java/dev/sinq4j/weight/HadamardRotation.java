package dev.sinq4j.weight;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The orthogonal matrix {@code H_n / sqrt(n)} applied fast, in place, to consecutive blocks of n numbers.
 *
 * <pre>
 *   n   = 2^k * base                    base: 1, or a Paley order 12, 20, 28, 36, 44, 60, 108 or 140
 *   H_n = Sylvester(2^k) (x) Paley(base)
 * </pre>
 *
 * Element {@code i * base + j} of a block stands in row i of the Sylvester factor and row j of the Paley factor. The base
 * is the smallest that fits, so a power of two uses none. Paley's matrices are not symmetric in general:
 * {@link #applyTransposed} is the inverse.
 *
 * <p>Sources: J. J. Sylvester 1867; R. E. A. C. Paley 1933, constructions I (prime q = 3 mod 4, order q + 1) and II
 * (prime q = 1 mod 4, order 2 (q + 1)).
 */
public final class HadamardRotation {

    private static final int[] BASES = {1, 12, 20, 28, 36, 44, 60, 108, 140};
    private static final Map<Integer, HadamardRotation> KNOWN = new ConcurrentHashMap<>();

    private final int block;
    private final int base;
    private final byte[] paley; // (base, base), +1 or -1
    private final float factor;

    private HadamardRotation(int block) {
        this.block = block;
        base = base(block);
        if (base == 0)
            throw new IllegalArgumentException("no Hadamard matrix of order " + block
                    + " is known here: it must be 2^k times 1, 12, 20, 28, 36, 44, 60, 108 or 140");
        paley = base == 1 ? new byte[] {1} : paley(base);
        factor = (float) (1 / Math.sqrt(block));
    }

    /**
     * The rotation of one block size.
     *
     * @throws IllegalArgumentException if no matrix of that order is known here
     */
    public static HadamardRotation of(int block) {
        return KNOWN.computeIfAbsent(block, HadamardRotation::new);
    }

    /** Whether {@link #of} knows this order. */
    public static boolean exists(int block) {
        return base(block) != 0;
    }

    /** The largest known order that divides {@code columns}. */
    public static int largestBlock(int columns) {
        for (int block = columns; block > 1; block--) if (columns % block == 0 && exists(block)) return block;
        return 1;
    }

    /** Numbers of one block. */
    public int block() {
        return block;
    }

    /** Order of the Paley factor, 1 for none. */
    public int base() {
        return base;
    }

    /** The Paley factor, (base, base), row-major, 1 or -1. */
    public byte[] paley() {
        return paley.clone();
    }

    /**
     * {@code x <- H x / sqrt(n)} for every block.
     *
     * @param count numbers from {@code offset} on; a multiple of the block
     */
    public void apply(float[] x, int offset, int count) {
        for (int start = offset; start < offset + count; start += block) rotate(x, start, false);
    }

    /** {@code x <- H^T x / sqrt(n)} for every block: undoes {@link #apply}. */
    public void applyTransposed(float[] x, int offset, int count) {
        for (int start = offset; start < offset + count; start += block) rotate(x, start, true);
    }

    private void rotate(float[] x, int start, boolean transposed) {
        for (int half = base; half < block; half *= 2) butterflies(x, start, half);
        if (base > 1) {
            float[] product = new float[base];
            for (int row = 0; row < block / base; row++) multiplyPaley(x, start + row * base, transposed, product);
        }
        for (int i = start; i < start + block; i++) x[i] *= factor;
    }

    private void butterflies(float[] x, int start, int half) {
        for (int i = start; i < start + block; i += 2 * half)
            for (int j = i; j < i + half; j++) {
                float a = x[j];
                float b = x[j + half];
                x[j] = a + b;
                x[j + half] = a - b;
            }
    }

    private void multiplyPaley(float[] x, int start, boolean transposed, float[] product) {
        for (int i = 0; i < base; i++) {
            float sum = 0;
            for (int j = 0; j < base; j++)
                sum += (transposed ? paley[j * base + i] : paley[i * base + j]) * x[start + j];
            product[i] = sum;
        }
        System.arraycopy(product, 0, x, start, base);
    }

    private static int base(int block) {
        for (int base : BASES) if (block > 0 && block % base == 0 && Integer.bitCount(block / base) == 1) return base;
        return 0;
    }

    private static byte[] paley(int order) {
        return isPrime(order - 1) && (order - 1) % 4 == 3 ? paleyOne(order - 1) : paleyTwo(order / 2 - 1);
    }

    /** I + S, S = [[0, 1], [-1, Q]] with Q the Jacobsthal matrix of q. */
    private static byte[] paleyOne(int q) {
        int order = q + 1;
        byte[] matrix = new byte[order * order];
        for (int i = 0; i < order; i++)
            for (int j = 0; j < order; j++)
                matrix[i * order + j] = (byte) (i == j || i == 0 ? 1 : j == 0 ? -1 : quadraticCharacter(i - j, q));
        return matrix;
    }

    /** The conference matrix [[0, 1], [1, Q]] with 0 replaced by [[1, -1], [-1, -1]] and +-1 by +-[[1, 1], [1, -1]]. */
    private static byte[] paleyTwo(int q) {
        int order = 2 * (q + 1);
        byte[] matrix = new byte[order * order];
        for (int i = 0; i <= q; i++)
            for (int j = 0; j <= q; j++) {
                int entry = i == j ? 0 : i == 0 || j == 0 ? 1 : quadraticCharacter(i - j, q);
                int[] cell = entry == 0 ? new int[] {1, -1, -1, -1} : new int[] {entry, entry, entry, -entry};
                for (int e = 0; e < 4; e++) matrix[(2 * i + e / 2) * order + 2 * j + e % 2] = (byte) cell[e];
            }
        return matrix;
    }

    private static int quadraticCharacter(int difference, int q) {
        int a = Math.floorMod(difference, q);
        for (int i = 1; i <= q / 2; i++) if (i * i % q == a) return 1;
        return -1;
    }

    private static boolean isPrime(int n) {
        for (int d = 2; d * d <= n; d++) if (n % d == 0) return false;
        return n > 1;
    }
}
