package dev.sinq4j.checkpoint;

import dev.sinq4j.method.Tiling;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Turns a packed weight into the tensors and sidecar fields the reference would have stored for it.
 *
 * @param method      the string to store
 * @param tiling      of the method
 * @param computeType what the reference is to compute in
 */
record LayerEncoder(ReferenceMethod method, Tiling tiling, DType computeType) {

    /** Scales in one 8-bit class, where the number of scales allows. */
    private static final int CLASS_SIZE = 32;

    /** @param bias the layer's, in the compute type, where it has one */
    EncodedLayer encode(LayerNames names, PackedWeight weight, Optional<Tensor> bias) {
        LayerLayout layout = new LayerLayout(weight.rows(), weight.columns(), weight.group(), tiling == Tiling.TWO_D);
        Auxiliary zero = storedZero(weight);
        LayerMeta meta = new LayerMeta(
                weight.grid().bits(),
                weight.group(),
                weight.rows(),
                weight.columns(),
                shapeOfCodes(weight.scale(), layout),
                shapeOfCodes(zero, layout),
                method,
                computeType);
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(codes(names, weight, meta.codes()));
        bias.ifPresent(tensors::add);
        tensors.addAll(auxiliary(names, "scale", weight.scale(), layout));
        columnScale(names, weight, layout).ifPresent(tensors::add);
        tensors.addAll(auxiliary(names, "zero", zero, layout));
        if (weight.inputTransform() instanceof InputTransform.Hadamard rotation)
            tensors.add(Numbers.tensor(
                    names.hadamardSigns(), DType.I8, List.of((long) rotation.signs().length), rotation.signs()));
        return new EncodedLayer(tensors, meta, extension(weight, layout, meta.codes()));
    }

    /** With 8-bit scales the reference stores even a constant zero as a class: one code 0, its minimum the constant. */
    private static Auxiliary storedZero(PackedWeight weight) {
        return weight.scale() instanceof Auxiliary.Int8 && weight.zero() instanceof Auxiliary.Constant constant
                ? new Auxiliary.Int8(new byte[1], new short[1], new short[] {constant.bits()})
                : weight.zero();
    }

    private static Tensor codes(LayerNames names, PackedWeight weight, PackedCodes packing) {
        List<Long> shape = List.of((long) packing.containerRows(), (long) weight.group());
        return Numbers.tensor(names.codes(), packing.containerType(), shape, packing.pack(weight.codes()));
    }

    private static List<Tensor> auxiliary(LayerNames names, String kind, Auxiliary auxiliary, LayerLayout layout) {
        String name = names.auxiliary(kind);
        return switch (auxiliary) {
            case Auxiliary.Half half ->
                List.of(Numbers.tensor(name, DType.F16, layout.scaleShape(), layout.toStored(half.bits())));
            case Auxiliary.Single single ->
                List.of(Numbers.tensor(name, layout.scaleShape(), layout.toStored(single.values())));
            case Auxiliary.Constant constant ->
                List.of(Numbers.tensor(name, DType.F16, List.of(), new short[] {constant.bits()}));
            case Auxiliary.Int8 codes -> eightBit(names, kind, codes, layout);
        };
    }

    private static List<Tensor> eightBit(LayerNames names, String kind, Auxiliary.Int8 codes, LayerLayout layout) {
        long classes = codes.step().length;
        long count = codes.codes().length;
        List<Long> shape = count % classes == 0 ? List.of(count / classes, classes) : List.of(count, 1L);
        byte[] stored = isOneNumber(codes, layout) ? codes.codes() : layout.toStored(codes.codes());
        return List.of(
                Numbers.tensor(names.auxiliary(kind, "x"), DType.U8, shape, stored),
                Numbers.tensor(names.auxiliary(kind, "s"), DType.F16, List.of(1L, classes), codes.step()),
                Numbers.tensor(names.auxiliary(kind, "m"), DType.F16, List.of(1L, classes), codes.minimum()));
    }

    private static Optional<Tensor> columnScale(LayerNames names, PackedWeight weight, LayerLayout layout) {
        String name = names.columnScale();
        List<Long> shape = layout.columnScaleShape();
        return switch (weight.columnScale()) {
            case ColumnScale.Half half -> Optional.of(Numbers.tensor(name, DType.F16, shape, half.bits()));
            case ColumnScale.Single single -> Optional.of(Numbers.tensor(name, shape, single.values()));
            case ColumnScale.None _ -> Optional.empty();
        };
    }

    private static Optional<List<Long>> shapeOfCodes(Auxiliary auxiliary, LayerLayout layout) {
        if (!(auxiliary instanceof Auxiliary.Int8 codes)) return Optional.empty();
        return Optional.of(isOneNumber(codes, layout) ? List.of() : layout.scaleShape());
    }

    /** Whether 8-bit codes stand for one number of the whole layer, the zero of symmetric rounding. */
    private static boolean isOneNumber(Auxiliary.Int8 codes, LayerLayout layout) {
        return codes.codes().length == 1 && layout.scales() != 1;
    }

    private LayerExtension extension(PackedWeight weight, LayerLayout layout, PackedCodes packing) {
        return new LayerExtension(
                layout.twoDimensional() && !layout.isExact(),
                weight.columns() % weight.group(),
                packing.rowsBeyondReference(),
                unusualClasses(weight.scale()),
                unknownLevels(weight.grid()),
                weight.inputTransform() instanceof InputTransform.Hadamard rotation ? rotation.block() : 0);
    }

    private static int unusualClasses(Auxiliary scale) {
        return scale instanceof Auxiliary.Int8 codes && codes.codes().length != CLASS_SIZE * codes.step().length
                ? codes.step().length
                : 0;
    }

    private Optional<float[]> unknownLevels(Grid grid) {
        return switch (grid) {
            case Grid.Uniform _ -> Optional.empty();
            case Grid.Codebook codebook ->
                method.codebook()
                                .filter(known -> Arrays.equals(known.levels(), codebook.levels()))
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of(codebook.levels());
        };
    }
}
