package dev.sinq4j.quant;

/**
 * What a {@link TileDevice} makes of a layer. Tiles are counted row by row.
 *
 * @param codes            (rows, columns), one a byte
 * @param scale            (rows, groups), times the row's Sinkhorn scale where that is kept
 * @param zero             (rows, groups), in code units
 * @param column           (bands, columns) Sinkhorn scales, also where they are not kept; bands of {@link TileTask#rowBlock} rows
 * @param imbalanceBefore  (tiles) of the tile as it came
 * @param imbalanceAfter   (tiles) of the normalized tile
 * @param gridsThroughZero (tiles) rows whose grid was made to span zero
 * @param flatRows         (tiles) rows that span less than the narrowest grid
 */
public record RoundedTiles(
        byte[] codes,
        float[] scale,
        float[] zero,
        float[] column,
        float[] imbalanceBefore,
        float[] imbalanceAfter,
        int[] gridsThroughZero,
        int[] flatRows) {}
