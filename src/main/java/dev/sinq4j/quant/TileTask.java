package dev.sinq4j.quant;

import org.jspecify.annotations.Nullable;

/**
 * What is to be done to the tiles of a layer: {@link SinqQuantizer}'s composition, for a {@link TileDevice}.
 *
 * @param rows             of the matrix
 * @param columns          of the matrix
 * @param rowBlock         rows of a tile
 * @param group            columns of a tile; where either does not divide the matrix, the last tiles are shorter
 * @param toHalf           whether the weight is rounded to fp16 first
 * @param normalizes       whether the Sinkhorn scales are kept; otherwise the tile is multiplied by them again
 * @param activationScale  (columns), multiplied with after the normalization; null for none
 * @param rounding         how a row becomes codes
 */
public record TileTask(
        int rows,
        int columns,
        int rowBlock,
        int group,
        boolean toHalf,
        boolean normalizes,
        float @Nullable [] activationScale,
        Rounding rounding) {

    /** Tiles side by side, the groups of a row. */
    public int across() {
        return Math.ceilDiv(columns, group);
    }

    /** Tiles one below the other. */
    public int bands() {
        return Math.ceilDiv(rows, rowBlock);
    }

    /** Number of tiles. */
    public int tiles() {
        return across() * bands();
    }

    /** How a row becomes codes; {@code margin} is how many ranges it may lie from zero before its grid is made to span zero. */
    public sealed interface Rounding {

        /** {@link AsymmetricRounding}. */
        record Asymmetric(int bits, float margin) implements Rounding {}

        /** {@link SymmetricRounding}. */
        record Symmetric(int bits) implements Rounding {}

        /**
         * {@link CodebookRounding}.
         *
         * @param thresholds ascending; the code is how many of them a number reaches
         * @param farthest   magnitude of a zero from which on a row's grid is made to span zero
         */
        record Levels(float[] thresholds, float farthest) implements Rounding {}

        /**
         * {@link HqqRounding}.
         *
         * @param mend whether codes and zero belong together
         */
        record HalfQuadratic(int bits, float margin, boolean mend) implements Rounding {}
    }
}
