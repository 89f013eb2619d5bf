package dev.sinq4j.quant;

import dev.sinq4j.weight.Grid;

/** How a normalized tile becomes codes; each row has a scale and a zero of its own. */
sealed interface TileRounding permits AsymmetricRounding, SymmetricRounding, CodebookRounding, HqqRounding {

    /** What a code stands for. */
    Grid grid();

    /** Rounds every row of a tile, which is not changed. */
    void round(Tile tile, TileCodes out);

    /** The same for a {@link TileDevice}. */
    TileTask.Rounding onDevice();

    /** Whether every zero is the same number, so that one is stored for the layer. */
    default boolean constantZero() {
        return false;
    }
}
