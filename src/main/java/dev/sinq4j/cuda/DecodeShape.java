package dev.sinq4j.cuda;

/**
 * How {@code linear_decode.cu} spreads a product over threads. Everything that decides an order of additions depends on the sizes of
 * the product alone; only {@code rowsPerBlock} looks at the device, and changes no sum.
 *
 * @param tokens       of a block: 1 or 4
 * @param chunk        steps of a block, even
 * @param parts        blocks side by side along the columns; more than one leaves parts to be added
 * @param team         threads that make a row: a power of two from 8 to 256
 * @param rowsPerBlock neighbouring rows of a block
 */
record DecodeShape(int tokens, int chunk, int parts, int team, int rowsPerBlock) {

    /** Tokens that are worth reading the weights for once or twice; more are a matter for the tensor cores. */
    static final int MOST_TOKENS = 8;

    private static final int THREADS = 256;
    private static final int ROWS = 4; // of a team at a time
    private static final int SEVERAL = 4;
    private static final int STAGED_BYTES = 88 << 10; // of x in shared memory: the smallest devices have 99 KiB
    private static final int MOST_SUMS = 256; // rows x tokens of a block whose teams have several warps
    private static final int BLOCKS_A_MULTIPROCESSOR = 2;

    /**
     * What a kernel takes at a time.
     *
     * @param columns of a step
     * @param sums    of x that it keeps of a step
     */
    record Step(int columns, int sums) {

        private int bytes(int tokens) {
            return tokens * Float.BYTES * (columns + sums);
        }
    }

    /**
     * @param steps    of a row
     * @param rowBlock rows that share column scales; all rows if there is but one set of them
     */
    static DecodeShape of(Step step, int steps, int rows, int tokens, int rowBlock, int multiprocessors) {
        int together = tokens == 1 ? 1 : SEVERAL;
        int most = STAGED_BYTES / step.bytes(together) - 2;
        int chunk = even(Math.ceilDiv(steps, Math.ceilDiv(steps, most)));
        int team = team(chunk);
        int pass = THREADS / team * ROWS;
        int wanted = Math.ceilDiv(rows, BLOCKS_A_MULTIPROCESSOR * multiprocessors);
        int limit = Math.max(pass, MOST_SUMS / together);
        int rowsPerBlock = Math.min(Math.ceilDiv(wanted, pass) * pass, limit);
        if (rowBlock < rows) rowsPerBlock = divisor(rowBlock, limit);
        return new DecodeShape(together, chunk, Math.ceilDiv(steps, chunk), team, rowsPerBlock);
    }

    /** Dynamic shared memory of a block. */
    int sharedBytes(Step step) {
        int warps = team / 32;
        int sums = warps > 1 ? rowsPerBlock * tokens * warps * Float.BYTES : 0;
        return step.bytes(tokens) * (chunk + 1) + sums;
    }

    Grid grid(Step step, int rows, int allTokens) {
        return new Grid(
                Math.ceilDiv(rows, rowsPerBlock), parts, Math.ceilDiv(allTokens, tokens), THREADS, sharedBytes(step));
    }

    /** The largest team that leaves hardly more threads idle than the best one does. */
    private static int team(int steps) {
        int least = Integer.MAX_VALUE;
        for (int team = 8; team <= THREADS; team *= 2) least = Math.min(least, covered(steps, team));
        int team = THREADS;
        while (team > 8 && covered(steps, team) > least + least / 16) team /= 2;
        return team;
    }

    private static int covered(int steps, int team) {
        return Math.ceilDiv(steps, team) * team;
    }

    private static int even(int steps) {
        return steps + steps % 2;
    }

    private static int divisor(int rowBlock, int most) {
        int divisor = Math.min(rowBlock, most);
        while (rowBlock % divisor != 0) divisor--;
        return divisor;
    }
}
