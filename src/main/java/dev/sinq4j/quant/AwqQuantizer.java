package dev.sinq4j.quant;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Awq;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.ColumnScale;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * AWQ in fp32: {@link AwqScaleSearch}, then {@link AwqClipSearch} unless switched off, then {@link AwqGrid}. Queries and keys
 * are never clipped, as in the library, because the product of two clipped ones was not what the search looked at.
 *
 * <p>Source: {@code casper-hansen/AutoAWQ} 88e4c76, {@code quantize/quantizer.py}.
 */
final class AwqQuantizer implements Quantizer {

    /** Parts of tensor names the library leaves unclipped. */
    private static final List<String> UNCLIPPED = List.of("q_", "k_", "query", "key", "Wqkv");

    private final Awq method;
    private final TileKernels kernels;

    AwqQuantizer(Awq method, TileKernels kernels) {
        this.method = method;
        this.kernels = kernels;
    }

    @Override
    public Quantized quantize(Tensor weight, @Nullable Inputs inputs) {
        WeightSource source = new WeightSource(weight, false, kernels);
        if (inputs == null || inputs.columns() != source.columns())
            throw new IllegalArgumentException("AWQ needs inputs of " + source.columns() + " columns");
        requireFinite(weight, inputs);
        Layer layer = new Layer(new TileGrid(source.rows(), source.columns(), method.group(), Tiling.ONE_D));
        LayerReport report = new LayerReport(weight.name(), 1);
        AwqScaleSearch.Found found = new AwqScaleSearch(method, kernels).search(source, inputs);
        report.note("alpha", found.ratio());
        report.note("alpha_error", found.error());
        System.arraycopy(found.column(), 0, layer.column, 0, found.column().length);
        AwqClipSearch clip = clips(weight) ? new AwqClipSearch(method, inputs, found.column()) : null;
        int clipped = IntStream.range(0, source.rows())
                .parallel()
                .map(row -> round(source, row, clip, layer))
                .sum();
        if (clip != null) report.note("clipped_groups", clipped);
        return report.of(layer.packed(method.bits(), method.aux(), columnScale(layer)), layer);
    }

    private boolean clips(Tensor weight) {
        return method.clip() && UNCLIPPED.stream().noneMatch(weight.name()::contains);
    }

    private static void requireFinite(Tensor weight, Inputs inputs) {
        int count = inputs.tokens() * inputs.columns();
        for (int e = 0; e < count; e++)
            if (!Float.isFinite(inputs.values()[e]))
                throw new UnavailableFailure("tensor '" + weight.name() + "': input " + e % inputs.columns()
                        + " of token " + e / inputs.columns() + " of the calibration text is " + inputs.values()[e]
                        + "; the model overflows on this text");
    }

    /** The number of groups clipped. */
    private int round(WeightSource source, int row, @Nullable AwqClipSearch clip, Layer layer) {
        AwqGrid grid = new AwqGrid(method.bits(), method.aux());
        float[] values = source.rows(row, 1).values();
        int columns = values.length;
        for (int j = 0; j < columns; j++) values[j] /= layer.column[j];
        int clipped = clip == null ? 0 : clip.clip(values);
        for (int first = 0; first < columns; first += method.group()) {
            int last = Math.min(columns, first + method.group());
            AwqGrid.Fitted fitted = grid.fit(values, first, last - first);
            int at = row * layer.grid.across() + first / method.group();
            layer.scale[at] = fitted.scale();
            layer.zero[at] = fitted.zero();
            for (int j = first; j < last; j++) layer.codes[row * columns + j] = (byte) fitted.code(values[j]);
        }
        return clipped;
    }

    private ColumnScale columnScale(Layer layer) {
        int rowBlock = layer.grid.rowBlock();
        return method.aux() == AuxPrecision.FP32
                ? new ColumnScale.Single(layer.column, rowBlock)
                : new ColumnScale.Half(Half.bits(layer.column), rowBlock);
    }
}
