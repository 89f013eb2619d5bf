package dev.sinq4j.checkpoint;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Plain safetensors in Hugging Face layout, packed weights dequantized. */
final class DenseCheckpointWriter implements CheckpointWriter {

    private final ShardWriter shards;
    private final Optional<DType> type;
    private final DType packedType;

    /**
     * @param folder        empty
     * @param maxShardBytes most bytes of a shard's tensors
     * @param type          of all tensors; where absent, each keeps its own
     * @param packedType    of packed weights where {@code type} is absent
     */
    DenseCheckpointWriter(Path folder, long maxShardBytes, Optional<DType> type, DType packedType) {
        // transformers refuses files that do not say which framework's layout they have
        this.shards = new ShardWriter(folder, maxShardBytes, Map.of("format", "pt"));
        this.type = type;
        this.packedType = packedType;
    }

    @Override
    public void tensor(Tensor tensor) {
        try (Arena arena = Arena.ofConfined()) {
            shards.add(WeightConversion.convert(tensor, type.orElse(tensor.dtype()), arena));
        }
    }

    @Override
    public void layer(Linear linear, Weight weight, Optional<Tensor> bias) {
        switch (weight) {
            case DenseWeight dense -> {
                Tensor tensor = dense.tensor();
                tensor(new Tensor(linear.tensor(), tensor.dtype(), tensor.shape(), tensor.data()));
            }
            case PackedWeight packed -> {
                try (Arena arena = Arena.ofConfined()) {
                    shards.add(DenseRows.tensor(linear.tensor(), packed, type.orElse(packedType), arena));
                }
            }
        }
        bias.ifPresent(this::tensor);
    }

    @Override
    public void finish() {
        shards.finishPlain();
    }

    @Override
    public void close() {
        shards.close();
    }
}
