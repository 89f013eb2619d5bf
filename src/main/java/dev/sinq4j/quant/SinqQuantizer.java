package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The SINQ reference's composition, tile by tile:
 *
 * <pre>
 *   scaled = (tile / column) / row                     Sinkhorn scales
 *   without normalization: scaled = (scaled * column) * row, column = row = 1
 *   with an activation scale a: scaled = scaled * a, column = column / a
 *   codes, scale, zero = rounding of scaled
 *   stored: scale * row, zero, column
 * </pre>
 *
 * Tiles are independent and are worked on in parallel, in the caller's fork-join pool.
 *
 * <p>Source: SINQ reference, {@code dual_shift.quantize_dual_scale_shift}.
 */
final class SinqQuantizer implements Quantizer {

    private final SinqFamily method;
    private final TileKernels kernels;
    private final Sinkhorn sinkhorn;
    private final TileRounding rounding;
    private final @Nullable TileDevice device;

    /** @param device takes over the tiles that it knows; null for none */
    SinqQuantizer(SinqFamily method, TileKernels kernels, @Nullable TileDevice device) {
        this.method = method;
        this.kernels = kernels;
        this.device = device;
        this.sinkhorn = new Sinkhorn(kernels);
        this.rounding = rounding(method, kernels);
    }

    private static TileRounding rounding(SinqFamily method, TileKernels kernels) {
        float uniform = GridThroughZero.margin(method, (1 << method.bits()) - 1);
        float codebook = GridThroughZero.margin(method, CodebookRounding.WIDTH);
        return switch (method.rounding()) {
            case UNIFORM_ASYMMETRIC -> new AsymmetricRounding(method.bits(), uniform, kernels);
            case UNIFORM_SYMMETRIC -> new SymmetricRounding(method.bits(), kernels);
            case NF4 -> CodebookRounding.nf4(codebook, kernels);
            case NF3 -> CodebookRounding.nf3(codebook, kernels);
            case HQQ -> new HqqRounding(method.bits(), !method.referenceExact(), uniform, kernels);
        };
    }

    @Override
    public Quantized quantize(Tensor weight, @Nullable Inputs inputs) {
        WeightSource source = new WeightSource(weight, method.aux() != AuxPrecision.FP32, kernels);
        TileGrid grid = new TileGrid(source.rows(), source.columns(), method.group(), method.tiling());
        LayerReport report = new LayerReport(weight.name(), grid.count());
        float @Nullable [] activationScale = activationScale(source, inputs, report);
        Layer layer = new Layer(grid);
        if (!onDevice(source, activationScale, layer, report)) onProcessor(source, activationScale, layer, report);
        if (normalizes()) report.noteImbalance();
        return report.of(packed(layer, activationScale != null), layer);
    }

    private boolean normalizes() {
        return method.normalization() == Normalization.SINKHORN;
    }

    /** Null where the method has none. */
    private float @Nullable [] activationScale(WeightSource source, @Nullable Inputs inputs, LayerReport report) {
        if (!method.needsCalibration()) return null;
        if (inputs == null)
            throw new IllegalArgumentException(method.name() + " needs the inputs of tensor '"
                    + source.tensor().name() + "'");
        ActivationSearch.Found found = new ActivationSearch(method, kernels, device).search(source, inputs);
        report.note("alpha", found.alpha());
        report.note("alpha_error", found.error());
        if (found.overflow()) report.warn("outputs overflow fp16, so the activation scale is 1, as in the reference");
        return found.scale();
    }

    /** Whether the device did the tiles; a weight that is not finite is left to the CPU, which says where it is not. */
    private boolean onDevice(WeightSource source, float @Nullable [] activationScale, Layer layer, LayerReport report) {
        if (device == null) return false;
        TileGrid grid = layer.grid;
        TileTask task = new TileTask(
                grid.rows(),
                grid.columns(),
                grid.rowBlock(),
                grid.group(),
                source.roundToHalf(),
                normalizes(),
                activationScale,
                rounding.onDevice());
        if (!device.knows(task) || !device.round(source.tensor(), task, report.rounded(layer))) return false;
        if (!normalizes()) Arrays.fill(layer.column, 1);
        if (activationScale != null)
            for (int j = 0; j < layer.column.length; j++) layer.column[j] /= activationScale[j % grid.columns()];
        return true;
    }

    private void onProcessor(WeightSource source, float @Nullable [] activationScale, Layer layer, LayerReport report) {
        kernels.rehearse();
        IntStream.range(0, layer.grid.count())
                .parallel()
                .forEach(t -> quantizeTile(t, source.tile(layer.grid.place(t)), activationScale, layer, report));
    }

    private void quantizeTile(int t, Tile tile, float @Nullable [] activationScale, Layer layer, LayerReport report) {
        TileGrid.Place place = layer.grid.place(t);
        Sinkhorn.Scales scales = sinkhorn.scales(tile);
        float[] column = scales.column();
        float[] row = scales.row();
        kernels.divide(tile.values(), tile.rows(), tile.columns(), column, row);
        if (!normalizes()) {
            kernels.multiply(tile.values(), tile.rows(), tile.columns(), column, row);
            column = ones(tile.columns());
            row = ones(tile.rows());
        }
        if (activationScale != null) {
            float[] part =
                    Arrays.copyOfRange(activationScale, place.firstColumn(), place.firstColumn() + place.columns());
            kernels.multiply(tile.values(), tile.rows(), tile.columns(), part, ones(tile.rows()));
            for (int j = 0; j < column.length; j++) column[j] /= part[j];
        }
        TileCodes out = new TileCodes(tile.rows(), tile.columns());
        rounding.round(tile, out);
        for (int i = 0; i < row.length; i++) out.scale[i] *= row[i];
        layer.put(place, out);
        layer.putColumn(place, column);
        report.normalized(t, scales);
        report.rounded(t, out);
    }

    private PackedWeight packed(Layer layer, boolean scaled) {
        TileGrid grid = layer.grid;
        Auxiliary zero = rounding.constantZero()
                ? new Auxiliary.Constant(Float.floatToFloat16(layer.zero[0]))
                : AuxiliaryStorage.zeros(layer.zero, method.aux(), grid.storedOrder());
        return new PackedWeight(
                grid.rows(),
                grid.columns(),
                grid.group(),
                rounding.grid(),
                layer.codes,
                AuxiliaryStorage.scales(layer.scale, method.aux(), grid.storedOrder()),
                zero,
                normalizes() || scaled ? columnScale(layer) : new ColumnScale.None(),
                new InputTransform.None());
    }

    private ColumnScale columnScale(Layer layer) {
        return method.aux() == AuxPrecision.FP32
                ? new ColumnScale.Single(layer.column, layer.grid.rowBlock())
                : new ColumnScale.Half(Half.bits(layer.column), layer.grid.rowBlock());
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
