package dev.sinq4j.cuda;

/**
 * How a kernel is spread out.
 *
 * @param x           blocks
 * @param y           blocks, at most 65535
 * @param z           blocks, at most 65535
 * @param threads     of a block, 1 to 1024
 * @param sharedBytes of dynamic shared memory a block
 */
public record Grid(int x, int y, int z, int threads, int sharedBytes) {

    private static final int MOST_YZ = 65_535;
    private static final int MOST_THREADS = 1024;

    public Grid {
        if (x < 1 || y < 1 || z < 1 || y > MOST_YZ || z > MOST_YZ)
            throw new IllegalArgumentException("no device has a grid of " + x + " x " + y + " x " + z + " blocks");
        if (threads < 1 || threads > MOST_THREADS)
            throw new IllegalArgumentException("a block has 1 to 1024 threads, not " + threads);
        if (sharedBytes < 0) throw new IllegalArgumentException(sharedBytes + " bytes of shared memory");
    }

    /** Blocks in one dimension. */
    public static Grid of(int blocks, int threads) {
        return new Grid(blocks, 1, 1, threads, 0);
    }

    /** One thread for each of {@code items}. */
    public static Grid covering(long items, int threads) {
        return of(Math.toIntExact(Math.max(1, Math.ceilDiv(items, threads))), threads);
    }

    /** The same with dynamic shared memory. */
    public Grid withShared(int bytes) {
        return new Grid(x, y, z, threads, bytes);
    }
}
