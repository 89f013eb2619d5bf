package dev.sinq4j.quant;

/**
 * What {@link ActivationSearch} does to a layer under one candidate, for a {@link TileDevice}: {@code W~} is the weight in tiles of all its
 * rows, normalized, times the candidate, rounded on an asymmetric grid and brought back.
 *
 * @param rows       of the matrix
 * @param columns    of the matrix
 * @param group      columns of a tile
 * @param bits       of a code
 * @param toHalf     whether the weight, and {@code W~}, are rounded to fp16
 * @param normalizes whether tiles are divided by their Sinkhorn scales
 * @param squares    whether squared differences are summed; otherwise their magnitudes
 */
public record SearchTask(
        int rows, int columns, int group, int bits, boolean toHalf, boolean normalizes, boolean squares) {

    /** Candidates of a search. */
    public static final int CANDIDATES = 20;
}
