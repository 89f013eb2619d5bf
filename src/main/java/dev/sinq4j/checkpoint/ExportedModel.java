package dev.sinq4j.checkpoint;

import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the layers that arrive between a model's other tensors, in {@link ModuleOrder}, and writes everything as soon as it is
 * its turn. A layer waits only for those of its own decoder layer. Packed layers are written {@link WriteBehind behind} the
 * caller's back; dense ones, whose memory is the caller's, before {@link #add} returns.
 */
final class ExportedModel implements AutoCloseable {

    private final ModelSource source;
    private final CheckpointWriter writer;
    private final List<ModelItem> items;
    private final WriteBehind behind = new WriteBehind();
    private final Map<Linear, Weight> waiting = new HashMap<>();
    private int next;
    private long weightBytes;
    private long quantizableBytes;

    ExportedModel(ModelSource source, boolean withFrequencies, CheckpointWriter writer) {
        this.source = source;
        this.writer = writer;
        this.items = ModelItem.of(source.architecture(), withFrequencies);
    }

    void add(Linear linear, Quantized layer) {
        Weight weight = layer.weight();
        behind.start(() -> {
            waiting.put(linear, weight);
            writeAllThatIsThere();
        });
        if (weight instanceof DenseWeight) behind.await();
    }

    /** @throws IllegalStateException if a layer never came */
    void finish() {
        behind.await();
        writeAllThatIsThere();
        if (next < items.size()) throw new IllegalStateException(items.get(next).name() + " was never handed over");
        writer.finish();
    }

    /** Of all tensors as the method stores them. */
    long weightBytes() {
        return weightBytes;
    }

    /** Of the layers that methods may touch. */
    long quantizableBytes() {
        return quantizableBytes;
    }

    @Override
    public void close() {
        behind.close();
    }

    private void writeAllThatIsThere() {
        while (next < items.size() && isThere(items.get(next))) write(items.get(next++));
    }

    private boolean isThere(ModelItem item) {
        return !(item instanceof ModelItem.Layer layer) || waiting.containsKey(layer.linear());
    }

    private void write(ModelItem item) {
        try (Arena arena = Arena.ofShared()) {
            switch (item) {
                case ModelItem.Layer layer -> writeLayer(layer.linear(), arena);
                case ModelItem.Matrix matrix -> writeTensor(dense(matrix.linear(), arena));
                case ModelItem.Numbers numbers -> writeTensor(source.tensor(numbers.parameter(), arena));
                case ModelItem.Frequencies frequencies -> writer.tensor(frequencies(frequencies.name()));
            }
        }
    }

    private void writeLayer(Linear linear, Arena arena) {
        Weight weight = waiting.remove(linear);
        Optional<Tensor> bias = linear.bias().map(parameter -> source.tensor(parameter, arena));
        writer.layer(linear, weight, bias);
        weightBytes += weight.storedBytes();
        quantizableBytes += weight.storedBytes();
        bias.ifPresent(tensor -> weightBytes += tensor.data().byteSize());
    }

    private void writeTensor(Tensor tensor) {
        writer.tensor(tensor);
        weightBytes += tensor.data().byteSize();
        tensor.release();
    }

    private Tensor dense(Linear linear, Arena arena) {
        return LayerStream.requireDense(source, linear, source.weight(linear, arena));
    }

    private Tensor frequencies(String name) {
        Architecture architecture = source.architecture();
        float[] frequencies = architecture.rope().frequencies(1);
        return Numbers.tensor(name, List.of((long) frequencies.length), frequencies);
    }
}
