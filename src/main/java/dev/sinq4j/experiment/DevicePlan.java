package dev.sinq4j.experiment;

import dev.sinq4j.cuda.DeviceSize;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
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

    /** How a cell is run in so many bytes: a dense model that does not fit is read layer by layer. */
    DeviceNeeds chosen(Architecture architecture, Method method, long free) {
        DeviceNeeds whole = needs(architecture, method);
        return method instanceof Dense && whole.bytes() > free ? layerByLayer(architecture) : whole;
    }

    /** How a model is used as it is stored in so many bytes: layer by layer where it does not fit. */
    DeviceNeeds chosen(Architecture architecture, StoredForms forms, long free) {
        DeviceNeeds whole = stored(architecture, forms);
        return whole.bytes() > free ? layerByLayer(architecture) : whole;
    }

    /** As {@link #chosen}, of a model that is open: one that is quantized already is used as it is stored. */
    DeviceNeeds chosen(ModelSource source, Method method, long free) {
        return method instanceof Dense
                ? chosen(source.architecture(), StoredForms.of(source), free)
                : chosen(source.architecture(), method, free);
    }

    /** Of a dense model that is read layer by layer; hidden states of other windows lie on the host. */
    DeviceNeeds layerByLayer(Architecture architecture) {
        HostNeeds one = work.layerByLayer(architecture, 1);
        return needs(architecture, one.weights(), one.cache(), 0, true);
    }

    /** Of a cell: the model quantized by a method, or dense. */
    DeviceNeeds needs(Architecture architecture, Method method) {
        long matrices = architecture.linears().stream()
                .mapToLong(linear -> linear.quantizable() ? matrix(method, linear) : HALF * linear.elements())
                .sum();
        long weights = ends(architecture) + matrices + parameters(architecture);
        return needs(architecture, weights, work.cache(architecture), quantizing(architecture, method), false);
    }

    /** Of a model that is used as it is stored. */
    DeviceNeeds stored(ModelSource source) {
        return stored(source.architecture(), StoredForms.of(source));
    }

    private DeviceNeeds stored(Architecture architecture, StoredForms forms) {
        return needs(architecture, forms.bytes().laidOut(), work.cache(architecture), 0, false);
    }

    private DeviceNeeds needs(
            Architecture architecture, long weights, long cache, long quantizing, boolean layerByLayer) {
        int widest = Stream.concat(architecture.linears().stream(), Stream.of(architecture.head()))
                .mapToInt(Linear::columns)
                .max()
                .orElse(0);
        return new DeviceNeeds(
                weights + roundedHead(architecture),
                cache,
                work.activations(architecture, 1),
                DeviceSize.products(work.tokensAtOnce(), widest, architecture.vocabulary()),
                Math.max(quantizing, roundingHead(architecture)),
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
        return work.head() == null ? 0 : quantizing(work.head().method(), architecture.head());
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
                Math.ceilDiv(linear.rows(), rowBlock(method, linear)));
    }

    private static boolean isPacked(Method method) {
        return !(method instanceof Dense) && method.group() > 0 && method.bits() <= Byte.SIZE && method.aux() != null;
    }

    private static int rowBlock(Method method, Linear linear) {
        return method.tiling() == Tiling.TWO_D ? method.group() : linear.rows();
    }

    private static long quantizing(Architecture architecture, Method method) {
        if (!isPacked(method)) return 0;
        return architecture.linears().stream()
                .filter(Linear::quantizable)
                .mapToLong(linear -> quantizing(method, linear))
                .max()
                .orElse(0);
    }

    private static long quantizing(Method method, Linear linear) {
        return DeviceSize.quantizing(linear.rows(), linear.columns(), rowBlock(method, linear), method.group());
    }
}
