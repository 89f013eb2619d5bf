package dev.sinq4j.quant;

import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.util.Arrays;

/** Codes and scales of a whole matrix while its tiles are being quantized; every tile writes its own part. */
final class Layer {

    final TileGrid grid;

    /** (rows, columns) */
    final byte[] codes;

    /** (rows, groups) */
    final float[] scale;

    /** (rows, groups) */
    final float[] zero;

    /** (bands, columns), bands of {@code grid.rowBlock()} rows. */
    final float[] column;

    Layer(TileGrid grid) {
        this.grid = grid;
        codes = new byte[Math.multiplyExact(grid.rows(), grid.columns())];
        scale = new float[grid.rows() * grid.across()];
        zero = new float[scale.length];
        column = new float[Math.ceilDiv(grid.rows(), grid.rowBlock()) * grid.columns()];
        Arrays.fill(column, 1);
    }

    /**
     * The finished layer on a uniform grid.
     *
     * @param columnScale of the codes' columns
     */
    PackedWeight packed(int bits, AuxPrecision aux, ColumnScale columnScale) {
        return new PackedWeight(
                grid.rows(),
                grid.columns(),
                grid.group(),
                new Grid.Uniform(bits),
                codes,
                AuxiliaryStorage.scales(scale, aux, grid.storedOrder()),
                AuxiliaryStorage.zeros(zero, aux, grid.storedOrder()),
                columnScale,
                new InputTransform.None());
    }

    /** Puts a tile's codes, scales and zeros in their places. */
    void put(TileGrid.Place place, TileCodes tile) {
        for (int i = 0; i < place.rows(); i++) {
            int row = place.firstRow() + i;
            System.arraycopy(
                    tile.codes,
                    i * place.columns(),
                    codes,
                    row * grid.columns() + place.firstColumn(),
                    place.columns());
            scale[row * grid.across() + place.group()] = tile.scale[i];
            zero[row * grid.across() + place.group()] = tile.zero[i];
        }
    }

    /** Puts a tile's column scale in its place. */
    void putColumn(TileGrid.Place place, float[] tileColumn) {
        System.arraycopy(tileColumn, 0, column, place.band() * grid.columns() + place.firstColumn(), place.columns());
    }
}
