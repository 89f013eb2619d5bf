package dev.sinq4j.checkpoint;

import dev.sinq4j.method.Hqq;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The reference's format: shards without metadata, an index, and the {@link Sidecar}. For layers the reference could have
 * made itself the files are its own byte for byte, given the same numbers.
 */
final class SinqCheckpointWriter implements CheckpointWriter {

    private final Path folder;
    private final DType computeType;
    private final LayerEncoder encoder;
    private final ShardWriter shards;
    private final Sidecar.Builder sidecar;

    /**
     * @param folder        empty
     * @param maxShardBytes most bytes of a shard's tensors
     * @param computeType   of everything that is not quantized
     */
    SinqCheckpointWriter(Path folder, long maxShardBytes, Method method, DType computeType) {
        this.folder = folder;
        this.computeType = computeType;
        this.encoder = new LayerEncoder(
                ReferenceMethod.of(method), Objects.requireNonNullElse(method.tiling(), Tiling.ONE_D), computeType);
        this.shards = new ShardWriter(folder, maxShardBytes, Map.of());
        this.sidecar = new Sidecar.Builder(foreignName(method));
    }

    private static Optional<String> foreignName(Method method) {
        return method instanceof SinqFamily || method instanceof Hqq ? Optional.empty() : Optional.of(method.name());
    }

    @Override
    public void tensor(Tensor tensor) {
        try (Arena arena = Arena.ofConfined()) {
            shards.add(WeightConversion.convert(tensor, computeType, arena));
        }
    }

    @Override
    public void layer(Linear linear, Weight weight, Optional<Tensor> bias) {
        LayerNames names = LayerNames.ofWeight(linear.tensor());
        switch (weight) {
            case PackedWeight packed -> packed(names, packed, bias);
            case DenseWeight dense -> dense(names, linear, dense, bias);
        }
    }

    private void packed(LayerNames names, PackedWeight weight, Optional<Tensor> bias) {
        try (Arena arena = Arena.ofConfined()) {
            EncodedLayer layer = encoder.encode(
                    names, weight, bias.map(tensor -> WeightConversion.convert(tensor, computeType, arena)));
            layer.tensors().forEach(shards::add);
            sidecar.add(names, layer);
        }
    }

    /** A method's fake-quantized matrix keeps its type, so that its numbers stay what they are. */
    private void dense(LayerNames names, Linear linear, DenseWeight weight, Optional<Tensor> bias) {
        Tensor tensor = weight.tensor();
        shards.add(new Tensor(linear.tensor(), tensor.dtype(), tensor.shape(), tensor.data()));
        bias.ifPresent(this::tensor);
        boolean stated = weight.storedBytes() != tensor.data().byteSize();
        sidecar.addDense(names, stated ? OptionalLong.of(weight.storedBytes()) : OptionalLong.empty());
    }

    @Override
    public void finish() {
        shards.finishSharded();
        DurableFiles.write(folder.resolve(Sidecar.FILE), PythonJson.bytes(sidecar.build()));
    }

    @Override
    public void close() {
        shards.close();
    }
}
