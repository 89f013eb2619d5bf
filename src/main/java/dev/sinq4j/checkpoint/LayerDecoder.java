package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a quantized layer's tensors back into a packed weight, and says of each what is wrong with it.
 *
 * @param where   how messages call the checkpoint
 * @param tensors of the checkpoint, by name
 */
record LayerDecoder(String where, Map<String, Tensor> tensors) {

    /**
     * @throws UnavailableFailure naming the tensor, what was expected and what was found
     */
    PackedWeight decode(LayerNames names, LayerMeta meta, LayerExtension extension) {
        requireStatedWidth(names, meta, extension);
        PackedCodes packing = meta.codes();
        List<Long> shape = List.of((long) packing.containerRows(), (long) meta.group());
        Tensor codes = require(names, names.codes(), packing.containerType(), shape);
        LayerLayout layout = layout(names, meta, extension);
        return new PackedWeight(
                meta.rows(),
                meta.columns(),
                meta.group(),
                grid(names, meta, extension),
                packing.unpack(Numbers.bytes(codes)),
                auxiliary(names, "scale", meta.scaleShape(), layout),
                auxiliary(names, "zero", meta.zeroShape(), layout),
                columnScale(names, layout),
                transform(names, layout, extension));
    }

    private void requireStatedWidth(LayerNames names, LayerMeta meta, LayerExtension extension) {
        int lastGroup = meta.columns() % meta.group();
        if (lastGroup != extension.lastGroup())
            throw new UnavailableFailure(where(names) + ": " + meta.columns() + " columns in groups of " + meta.group()
                    + (lastGroup == 0 ? " leave no shorter group" : " leave a last group of " + lastGroup)
                    + ", but the sidecar states "
                    + (extension.lastGroup() == 0 ? "none" : "one of " + extension.lastGroup()));
    }

    /** Nothing names the tiling of the reference's files; it shows in the number of dimensions. */
    private LayerLayout layout(LayerNames names, LayerMeta meta, LayerExtension extension) {
        boolean threeDimensions = isThreeDimensional(tensors.get(names.columnScale()))
                || isThreeDimensional(tensors.get(names.auxiliary("scale")))
                || meta.scaleShape().filter(shape -> shape.size() == 3).isPresent();
        return new LayerLayout(
                meta.rows(), meta.columns(), meta.group(), threeDimensions || extension.twoDimensional());
    }

    private static boolean isThreeDimensional(@Nullable Tensor tensor) {
        return tensor != null && tensor.shape().size() == 3;
    }

    private Grid grid(LayerNames names, LayerMeta meta, LayerExtension extension) {
        Optional<float[]> levels = extension.levels();
        if (levels.isPresent()) {
            requireLevels(names, meta, levels.get().length);
            return new Grid.Codebook(meta.bits(), levels.get());
        }
        Optional<Grid.Codebook> codebook = meta.method().codebook();
        if (codebook.isEmpty()) return new Grid.Uniform(meta.bits());
        requireLevels(names, meta, codebook.get().levels().length);
        return codebook.get();
    }

    private void requireLevels(LayerNames names, LayerMeta meta, int levels) {
        if (levels != 1 << meta.bits())
            throw new UnavailableFailure(where(names) + ": method '"
                    + meta.method().text() + "' has " + levels + " levels, but nbits is " + meta.bits());
    }

    private Auxiliary auxiliary(LayerNames names, String kind, Optional<List<Long>> codesShape, LayerLayout layout) {
        if (tensors.containsKey(names.auxiliary(kind, "x"))) return eightBit(names, kind, codesShape, layout);
        String name = names.auxiliary(kind);
        Tensor tensor = require(names, name);
        if (tensor.shape().isEmpty() && kind.equals("zero")) {
            require(names, name, DType.F16, List.of());
            return new Auxiliary.Constant(Numbers.shorts(tensor)[0]);
        }
        requireShape(names, tensor, layout.scaleShape());
        return switch (tensor.dtype()) {
            case F16 -> new Auxiliary.Half(layout.fromStored(Numbers.shorts(tensor)));
            case F32 -> new Auxiliary.Single(layout.fromStored(tensor.floats()));
            default -> throw wrong(names, name, "F16 or F32", tensor.dtype());
        };
    }

    private Auxiliary eightBit(LayerNames names, String kind, Optional<List<Long>> codesShape, LayerLayout layout) {
        List<Long> shape = codesShape.orElseThrow(() -> new UnavailableFailure(where(names) + ": the sidecar has no "
                + kind + ".shape, though " + names.auxiliary(kind, "x") + " is there"));
        boolean oneNumber = shape.isEmpty() && kind.equals("zero");
        if (!oneNumber && !shape.equals(layout.scaleShape()))
            throw wrong(names, kind + ".shape of the sidecar", layout.scaleShape(), shape);
        short[] step = perClass(names, kind, "s");
        short[] minimum = perClass(names, kind, "m");
        if (step.length != minimum.length)
            throw wrong(names, names.auxiliary(kind, "m"), step.length + " numbers, as many as .s", minimum.length);
        byte[] codes = codesOfClasses(names, kind, oneNumber ? 1 : layout.scales(), step.length);
        if (oneNumber) {
            float value = new Auxiliary.Int8(codes, step, minimum).values()[0];
            return new Auxiliary.Constant(Float.floatToFloat16(value));
        }
        return new Auxiliary.Int8(layout.fromStored(codes), step, minimum, layout.order());
    }

    private short[] perClass(LayerNames names, String kind, String part) {
        String name = names.auxiliary(kind, part);
        Tensor tensor = require(names, name);
        requireType(names, tensor, DType.F16);
        if (tensor.elements() == 0) throw wrong(names, name, "at least one number", "none");
        return Numbers.shorts(tensor);
    }

    private byte[] codesOfClasses(LayerNames names, String kind, int count, int classes) {
        String name = names.auxiliary(kind, "x");
        List<Long> shape =
                count % classes == 0 ? List.of((long) count / classes, (long) classes) : List.of((long) count, 1L);
        return Numbers.bytes(require(names, name, DType.U8, shape));
    }

    private ColumnScale columnScale(LayerNames names, LayerLayout layout) {
        Tensor tensor = tensors.get(names.columnScale());
        if (tensor == null) return new ColumnScale.None();
        requireShape(names, tensor, layout.columnScaleShape());
        return switch (tensor.dtype()) {
            case F16 -> new ColumnScale.Half(Numbers.shorts(tensor), layout.rowBlock());
            case F32 -> new ColumnScale.Single(tensor.floats(), layout.rowBlock());
            default -> throw wrong(names, tensor.name(), "F16 or F32", tensor.dtype());
        };
    }

    private InputTransform transform(LayerNames names, LayerLayout layout, LayerExtension extension) {
        if (extension.hadamardBlock() == 0) return new InputTransform.None();
        Tensor signs = require(names, names.hadamardSigns(), DType.I8, List.of((long) layout.columns()));
        return new InputTransform.Hadamard(extension.hadamardBlock(), Numbers.bytes(signs));
    }

    private Tensor require(LayerNames names, String name, DType dtype, List<Long> shape) {
        Tensor tensor = require(names, name);
        requireType(names, tensor, dtype);
        requireShape(names, tensor, shape);
        return tensor;
    }

    private Tensor require(LayerNames names, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null)
            throw new UnavailableFailure(where(names) + ": tensor '" + name
                    + "' is missing, though the sidecar says that the layer is quantized");
        return tensor;
    }

    private void requireType(LayerNames names, Tensor tensor, DType dtype) {
        if (tensor.dtype() != dtype) throw wrong(names, tensor.name(), dtype, tensor.dtype());
    }

    private void requireShape(LayerNames names, Tensor tensor, List<Long> shape) {
        if (!tensor.shape().equals(shape)) throw wrong(names, tensor.name(), "the shape " + shape, tensor.shape());
    }

    private UnavailableFailure wrong(LayerNames names, String what, Object expected, Object found) {
        return new UnavailableFailure(where(names) + ": " + what + ": expected " + expected + ", found " + found);
    }

    private String where(LayerNames names) {
        return where + ": layer '" + names.leaf() + "'";
    }
}
