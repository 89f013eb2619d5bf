package dev.sinq4j.cuda;

import dev.sinq4j.cuda.CudaWeight.Dense;
import dev.sinq4j.cuda.CudaWeight.Packed;
import dev.sinq4j.cuda.CudaWeight.Rotation;
import dev.sinq4j.kernel.RowBlockScales;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.HadamardRotation;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Brings weights to the device. Codes cross the bus one a byte and are packed there. */
final class WeightUpload {

    private static final Kernel PACK = new Kernel("pack", "pack_planes");
    private static final int THREADS = 256;
    private static final long MOST_BYTES_AT_ONCE = 64 << 20; // of codes on their way

    private final Gpu gpu;

    WeightUpload(Gpu gpu) {
        this.gpu = gpu;
    }

    /** @throws dev.sinq4j.failure.UnavailableFailure if the device has not enough memory */
    CudaWeight upload(Weight weight) {
        return switch (weight) {
            case DenseWeight dense -> dense(dense.tensor());
            case PackedWeight packed -> packed(packed);
        };
    }

    private Dense dense(Tensor tensor) {
        if (!tensor.dtype().isWeight())
            throw new IllegalArgumentException(
                    "tensor '" + tensor.name() + "': a weight is F32, F16 or BF16, not " + tensor.dtype());
        return new Dense(upload(tensor.data()), tensor.dtype(), tensor.rows(), tensor.columns());
    }

    private Packed packed(PackedWeight weight) {
        PlaneLayout planes = new PlaneLayout(weight.grid().bits(), weight.rows(), weight.columns());
        MemorySegment auxiliaries = auxiliaries(weight);
        float[] levels = levels(weight);
        RowBlockScales scales = RowBlockScales.of(weight);
        long auxiliariesAt = planes.bytes();
        long levelsAt = auxiliariesAt + PlaneLayout.aligned(auxiliaries.byteSize());
        long scalesAt = levelsAt + PlaneLayout.aligned((long) levels.length * Float.BYTES);
        long scalesBytes = (long) scales.values().length * Float.BYTES;
        DeviceBuffer memory = gpu.allocate(scalesAt + scalesBytes, Purpose.WEIGHTS);
        pack(weight.codes(), planes, memory);
        gpu.upload(auxiliaries, memory, auxiliariesAt, auxiliaries.byteSize());
        gpu.upload(MemorySegment.ofArray(levels), memory, levelsAt, (long) levels.length * Float.BYTES);
        gpu.upload(MemorySegment.ofArray(scales.values()), memory, scalesAt, scalesBytes);
        return new Packed(
                memory,
                planes,
                weight.group(),
                weight.groups(),
                isSingle(weight),
                levels.length,
                scales.none() ? 0 : scales.rowBlock(),
                auxiliariesAt,
                levelsAt,
                scalesAt,
                rotation(weight.inputTransform()));
    }

    private void pack(byte[] codes, PlaneLayout planes, DeviceBuffer memory) {
        int columns = planes.columns();
        int most = Math.clamp(MOST_BYTES_AT_ONCE / Math.max(columns, 1), 1, Math.max(planes.rows(), 1));
        try (DeviceBuffer loose = gpu.allocate((long) most * columns, Purpose.WORKSPACE)) {
            for (int first = 0; first < planes.rows(); first += most) {
                int count = Math.min(most, planes.rows() - first);
                MemorySegment slab =
                        MemorySegment.ofArray(codes).asSlice((long) first * columns, (long) count * columns);
                gpu.upload(slab, loose, 0, slab.byteSize());
                gpu.launch(
                        PACK,
                        Grid.covering((long) count * planes.units(), THREADS),
                        loose,
                        first,
                        count,
                        columns,
                        planes.bits(),
                        planes.units(),
                        memory,
                        memory.at(planes.two() ? planes.twoOffset() : 0),
                        memory.at(planes.one() ? planes.oneOffset() : 0));
            }
            gpu.synchronize(); // the loose codes are freed now
        }
    }

    /** (rows, groups) of (scale, zero), as fp16 where both are. */
    private static MemorySegment auxiliaries(PackedWeight weight) {
        float[] scale = weight.scale().values();
        float[] zero = weight.zero().values();
        int count = Math.multiplyExact(weight.rows(), weight.groups());
        float[] pairs = new float[Math.multiplyExact(2, count)];
        for (int i = 0; i < count; i++) {
            pairs[2 * i] = scale[scale.length == 1 ? 0 : i];
            pairs[2 * i + 1] = zero[zero.length == 1 ? 0 : i];
        }
        if (isSingle(weight)) return MemorySegment.ofArray(pairs);
        short[] halves = new short[pairs.length];
        for (int i = 0; i < pairs.length; i++) halves[i] = Float.floatToFloat16(pairs[i]);
        return MemorySegment.ofArray(halves);
    }

    private static boolean isSingle(PackedWeight weight) {
        return weight.scale() instanceof Auxiliary.Single || weight.zero() instanceof Auxiliary.Single;
    }

    private static float[] levels(PackedWeight weight) {
        return weight.grid() instanceof dev.sinq4j.weight.Grid.Codebook codebook ? codebook.levels() : new float[0];
    }

    private @Nullable Rotation rotation(InputTransform transform) {
        if (!(transform instanceof InputTransform.Hadamard hadamard)) return null;
        HadamardRotation matrix = HadamardRotation.of(hadamard.block());
        byte[] signs = hadamard.signs();
        byte[] paley = matrix.paley();
        DeviceBuffer memory = gpu.allocate((long) signs.length + paley.length, Purpose.WEIGHTS);
        gpu.upload(MemorySegment.ofArray(signs), memory, 0, signs.length);
        gpu.upload(MemorySegment.ofArray(paley), memory, signs.length, paley.length);
        return new Rotation(hadamard, matrix.base(), memory);
    }

    private DeviceBuffer upload(MemorySegment from) {
        DeviceBuffer memory = gpu.allocate(from.byteSize(), Purpose.WEIGHTS);
        gpu.upload(from, memory, 0, from.byteSize());
        return memory;
    }
}
