package dev.sinq4j.experiment;

import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.data.CalibrationSet;
import dev.sinq4j.engine.LayerByLayer;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.method.Gptq;
import dev.sinq4j.method.Method;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.Attention.Latent;
import dev.sinq4j.model.architecture.FeedForward;
import dev.sinq4j.model.architecture.FeedForward.Experts;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import dev.sinq4j.model.architecture.FeedForward.Xielu;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.PassingArrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a calibration text takes beside the weights: its hidden states, one layer's dense weights, what goes into each of the
 * layer's matrices, what the method makes of that for the widest one, and what it leaves on the heap until that is collected.
 *
 * @param blocks of the text; 0 for none
 * @param tokens of a block
 */
public record CalibrationNeeds(int blocks, int tokens) {

    /** Of a method that looks at no inputs. */
    public static final CalibrationNeeds NONE = new CalibrationNeeds(0, 0);

    private static final int HALF = 2;
    /** Characters of a token, at least: what a text that is not tokenized yet may come to. */
    private static final int CHARACTERS = 3;
    /** Of the inputs: as they are rounded, and as they are laid out for products. */
    private static final int COPIES = 2;
    /** Of the Hessian, its reordered copy and the factor's inverse. */
    private static final int HESSIANS = 3;

    /** Of a cell's text. A text that is not there yet counts as the bundled one; running will say what is missing. */
    static CalibrationNeeds of(@Nullable CalibrationConfig calibration, Calibrations texts) {
        if (calibration == null) return NONE;
        try {
            CalibrationSet set = texts.set(calibration);
            long characters = set.texts().stream().mapToLong(String::length).sum();
            long most = characters / CHARACTERS / calibration.tokens();
            return new CalibrationNeeds(Math.clamp(most, 1, set.blocks()), calibration.tokens());
        } catch (Failure missing) {
            return new CalibrationNeeds(CalibrationSet.TEXT_BLOCKS, calibration.tokens());
        }
    }

    /** Of a text that is cut. */
    public static CalibrationNeeds of(List<int[]> blocks) {
        return new CalibrationNeeds(blocks.size(), blocks.getFirst().length);
    }

    /** Bytes beside the weights and the matrix at work. */
    long bytes(Architecture architecture, Method method) {
        if (blocks == 0) return 0;
        long all = (long) blocks * tokens;
        long layer = architecture.layers().stream()
                .mapToLong(each -> layerBytes(each, method))
                .max()
                .orElse(0);
        return all * LayerByLayer.bytesPerToken(architecture) + layer + PassingArrays.MOST_BYTES;
    }

    private long layerBytes(Layer layer, Method method) {
        long all = (long) blocks * tokens;
        long dense = HALF * layer.linears().stream().mapToLong(Linear::elements).sum();
        long recorded = Float.BYTES * all * inputs(layer);
        long widest = layer.linears().stream()
                .filter(Linear::quantizable)
                .mapToLong(Linear::columns)
                .max()
                .orElse(0);
        return dense + recorded + Math.max(COPIES * Float.BYTES * all * widest, hessians(method, widest));
    }

    private static long hessians(Method method, long columns) {
        return method instanceof Gptq ? HESSIANS * Double.BYTES * columns * columns : 0;
    }

    /** Numbers a token leaves in a layer: matrices that read the same share it, and each expert sees its own tokens. */
    private static long inputs(Layer layer) {
        return inputs(layer.attention()) + inputs(layer.feedForward());
    }

    private static long inputs(Attention attention) {
        return attention.output().columns()
                + switch (attention) {
                    case GroupedQuery grouped ->
                        grouped.projections().linears().getFirst().columns();
                    case Latent latent ->
                        latent.query().linears().stream()
                                        .mapToLong(Linear::columns)
                                        .sum()
                                + latent.kvB().columns();
                };
    }

    private static long inputs(FeedForward network) {
        return switch (network) {
            case Gated gated -> inputs(gated);
            case Xielu xielu -> (long) xielu.up().columns() + xielu.down().columns();
            case Experts experts ->
                experts.routing().perToken() * inputs(experts.experts().getFirst())
                        + experts.shared().map(CalibrationNeeds::inputs).orElse(0L);
        };
    }

    private static long inputs(Gated network) {
        return (long) network.projections().linears().getFirst().columns()
                + network.down().columns();
    }
}
