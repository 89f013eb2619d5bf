package dev.sinq4j.experiment;

import dev.sinq4j.cuda.DeviceSize;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import java.util.stream.Stream;

/**
 * Says how much memory of a GPU a model takes. What it takes of the host besides is {@link HostPlan#besideDevice}.
 *
 * @param work what is evaluated
 */
public record DevicePlan(HostPlan work) {

    private static final int HALF = 2;
    private static final DeviceQuantizing NOTHING = new DeviceQuantizing(new Dense(), CalibrationNeeds.NONE);

    /** How a cell is run in so many bytes: a dense model that does not fit is read layer by layer. */
    DeviceNeeds chosen(Architecture architecture, Method method, CalibrationNeeds calibration, long free) {
        DeviceNeeds whole = needs(architecture, method, calibration);
        return method instanceof Dense && whole.bytes() > free ? layerByLayer(architecture) : whole;
    }

    /** How a model is used as it is stored in so many bytes: layer by layer where it does not fit. */
    DeviceNeeds chosen(Architecture architecture, StoredForms forms, long free) {
        DeviceNeeds whole = stored(architecture, forms);
        return whole.bytes() > free ? layerByLayer(architecture) : whole;
    }

    /** As {@link #chosen}, of a model that is open: one that is quantized already is used as it is stored. */
    DeviceNeeds chosen(ModelSource source, Method method, CalibrationNeeds calibration, long free) {
        return method instanceof Dense
                ? chosen(source.architecture(), StoredForms.of(source), free)
                : chosen(source.architecture(), method, calibration, free);
    }

    /** Of a dense model that is read layer by layer; hidden states of other windows lie on the host. */
    DeviceNeeds layerByLayer(Architecture architecture) {
        HostNeeds one = work.layerByLayer(architecture, 1);
        return needs(architecture, one.weights(), one.cache(), NOTHING, true);
    }

    /**
     * Of a model whose matrices are quantized one at a time and written to disk, whatever the model's size; a calibration text goes
     * through it layer by layer.
     */
    public static DeviceNeeds toQuantize(Architecture architecture, Method method, CalibrationNeeds calibration) {
        DeviceQuantizing quantizing = new DeviceQuantizing(method, calibration);
        if (calibration.blocks() == 0)
            return new DeviceNeeds(0, 0, 0, 0, quantizing.space(architecture), 0, DeviceSize.CONTEXT, false);
        long layer = architecture.layers().stream()
                .mapToLong(each -> layerBytes(each, method))
                .max()
                .orElse(0);
        return new DevicePlan(HostPlan.ofWindow(0))
                .needs(architecture, ends(architecture) + layer, 0, quantizing, true);
    }

    /** A layer's matrices in the form that a method gives them, and its vectors. */
    private static long layerBytes(Layer layer, Method method) {
        return layer.linears().stream()
                        .mapToLong(linear -> form(method, linear))
                        .sum()
                + Float.BYTES
                        * layer.parameters().stream()
                                .mapToLong(Parameter::elements)
                                .sum();
    }

    private static long form(Method method, Linear linear) {
        return linear.quantizable() ? matrix(method, linear) : HALF * linear.elements();
    }

    /** Of a cell: the model quantized by a method, or dense. */
    DeviceNeeds needs(Architecture architecture, Method method, CalibrationNeeds calibration) {
        long matrices = architecture.linears().stream()
                .mapToLong(linear -> form(method, linear))
                .sum();
        long weights = ends(architecture) + matrices + parameters(architecture);
        return needs(architecture, weights, work.cache(architecture), new DeviceQuantizing(method, calibration), false);
    }

    /** Of a model that is used as it is stored. */
    DeviceNeeds stored(ModelSource source) {
        return stored(source.architecture(), StoredForms.of(source));
    }

    private DeviceNeeds stored(Architecture architecture, StoredForms forms) {
        return needs(architecture, forms.bytes().laidOut(), work.cache(architecture), NOTHING, false);
    }

    private DeviceNeeds needs(
            Architecture architecture, long weights, long cache, DeviceQuantizing quantizing, boolean layerByLayer) {
        int widest = Stream.concat(architecture.linears().stream(), Stream.of(architecture.head()))
                .mapToInt(Linear::columns)
                .max()
                .orElse(0);
        int tokens = Math.max(
                work.tokensAtOnce(),
                HostPlan.ofWindow(quantizing.calibration().tokens()).tokensAtOnce());
        return new DeviceNeeds(
                weights + roundedHead(architecture),
                cache,
                work.activations(architecture, 1),
                DeviceSize.products(tokens, widest, architecture.vocabulary()),
                Math.max(quantizing.space(architecture), roundingHead(architecture)),
                quantizing.calibrating(architecture),
                DeviceSize.CONTEXT,
                layerByLayer);
    }

    /** Embedding and head; a tied head lies where the embedding does. */
    private static long ends(Architecture architecture) {
        long head = architecture.tied() ? 0 : architecture.head().elements();
        return HALF * (architecture.embedding().elements() + head);
    }

    /** A head in a form of its own, which lies beside the stored one. */
    private long roundedHead(Architecture architecture) {
        return work.head() == null ? 0 : matrix(work.head().method(), architecture.head());
    }

    private long roundingHead(Architecture architecture) {
        return work.head() == null
                ? 0
                : new DeviceQuantizing(work.head().method(), CalibrationNeeds.NONE).space(architecture.head());
    }

    /** Norms, biases and scalars, as fp32; not the embedding. */
    private static long parameters(Architecture architecture) {
        long numbers = architecture.parameters().stream()
                .mapToLong(Parameter::elements)
                .sum();
        return Float.BYTES * (numbers - architecture.embedding().elements());
    }

    private static long matrix(Method method, Linear linear) {
        if (!isPacked(method)) return LaidOutSize.of(method, linear.rows(), linear.columns());
        return DeviceSize.packed(
                method.bits(),
                linear.rows(),
                linear.columns(),
                Math.min(method.group(), linear.columns()),
                method.aux() == AuxPrecision.FP32,
                Math.ceilDiv(linear.rows(), DeviceQuantizing.rowBlock(method, linear)));
    }

    private static boolean isPacked(Method method) {
        return !(method instanceof Dense) && method.group() > 0 && method.bits() <= Byte.SIZE && method.aux() != null;
    }
}
