package dev.sinq4j.quant;

import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.PackedWeight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers what is worth telling about one layer: notes for the results, warnings for the reader. */
final class LayerReport {

    /** Share of rows too narrow for a grid from which on the layer's error is noticeably theirs. */
    private static final double MANY_FLAT_ROWS = 0.05;

    /** Mean relative error of the stored scales from which on it adds noticeably to the weights' error. */
    private static final double COARSE_SCALES = 0.02;

    private final String tensor;
    private final Map<String, Object> notes = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    // One entry a tile: each is written by the one thread that has the tile.
    private final float[] imbalanceBefore;
    private final float[] imbalanceAfter;
    private final int[] gridsThroughZero;
    private final int[] flatRows;

    LayerReport(String tensor, int tiles) {
        this.tensor = tensor;
        imbalanceBefore = new float[tiles];
        imbalanceAfter = new float[tiles];
        gridsThroughZero = new int[tiles];
        flatRows = new int[tiles];
    }

    void note(String name, Object value) {
        notes.put(name, value);
    }

    /** @param message what is the matter, without the tensor's name */
    void warn(String message) {
        warnings.add("tensor '" + tensor + "': " + message);
    }

    void normalized(int tile, Sinkhorn.Scales scales) {
        imbalanceBefore[tile] = scales.before();
        imbalanceAfter[tile] = scales.after();
    }

    void rounded(int tile, TileCodes codes) {
        gridsThroughZero[tile] = codes.gridsThroughZero;
        flatRows[tile] = codes.flatRows;
    }

    /** Where a device that does all tiles of a layer writes to. */
    RoundedTiles rounded(Layer layer) {
        return new RoundedTiles(
                layer.codes,
                layer.scale,
                layer.zero,
                layer.column,
                imbalanceBefore,
                imbalanceAfter,
                gridsThroughZero,
                flatRows);
    }

    /** Adds the mean imbalance over the tiles before and after normalization. */
    void noteImbalance() {
        note("imbalance_before", mean(imbalanceBefore));
        note("imbalance_after", mean(imbalanceAfter));
    }

    /** Looks at the finished layer. */
    Quantized of(PackedWeight weight, Layer layer) {
        int codeRows = layer.scale.length;
        int throughZero = sum(gridsThroughZero);
        if (throughZero > 0) note("grids_through_zero", throughZero);
        int flat = sum(flatRows);
        if (flat > MANY_FLAT_ROWS * codeRows)
            warn(flat + " of " + codeRows + " groups span less than the narrowest grid, so they keep few of the "
                    + (1 << weight.grid().bits()) + " codes; the weights are too small for this method");
        warnOfCoarseScales(weight.scale(), layer.scale);
        warnOfOverflow(weight);
        return new Quantized(weight, warnings, notes);
    }

    private void warnOfCoarseScales(Auxiliary stored, float[] scale) {
        if (!(stored instanceof Auxiliary.Int8)) return;
        float[] values = stored.values();
        double error = 0;
        for (int e = 0; e < scale.length; e++) error += Math.abs(values[e] - scale[e]) / scale[e];
        error /= scale.length;
        if (error > COARSE_SCALES)
            warn("8-bit scales are off by %.1f %% on average; aux: fp16 would keep them".formatted(100 * error));
    }

    private void warnOfOverflow(PackedWeight weight) {
        int lost = 0;
        for (float zero : weight.zero().values()) if (!Float.isFinite(zero)) lost++;
        if (lost > 0) warn(lost + " zeros do not fit fp16, as in the reference; the weights behind them are lost");
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) sum += value;
        return sum / values.length;
    }

    private static int sum(int[] values) {
        int sum = 0;
        for (int value : values) sum += value;
        return sum;
    }
}
