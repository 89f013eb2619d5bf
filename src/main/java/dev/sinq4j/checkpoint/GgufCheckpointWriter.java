package dev.sinq4j.checkpoint;

import dev.sinq4j.gguf.GgufEntries;
import dev.sinq4j.gguf.GgufFileType;
import dev.sinq4j.gguf.GgufType;
import dev.sinq4j.gguf.GgufWriter;
import dev.sinq4j.gguf.GgufWriter.Declaration;
import dev.sinq4j.gguf.TensorNames;
import dev.sinq4j.gguf.TensorNames.Slot;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.FeedForward.Experts;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A GGUF file: matrices in blocks of the type asked for, norms, biases and routers fp32, embedding and head fp16 (fp32, bf16
 * where the matrices are). Experts of a layer lie in one tensor; rows of Llama's q and k are reordered as llama.cpp reads them.
 */
final class GgufCheckpointWriter implements CheckpointWriter {

    private static final String FACTORS = "rope_freqs.weight";

    private final GgufWriter file;
    private final Map<String, Integer> heads = new HashMap<>();
    private final Map<String, Declaration> declarations = new LinkedHashMap<>();
    private long quantizableBytes;

    /**
     * Starts the file, header first.
     *
     * @param type of the matrices
     */
    GgufCheckpointWriter(Path target, ModelSource source, GgufFileType type, Optional<TokenizerFiles> tokenizer) {
        GgufModelEntries model = new GgufModelEntries(source);
        GgufEntries entries = new GgufEntries();
        String name = String.valueOf(target.getFileName());
        model.add(entries, type, name.endsWith(".gguf") ? name.substring(0, name.length() - 5) : name);
        TokenizerFiles.add(tokenizer, entries, source.architecture().vocabulary());
        declare(source, type);
        float[] factors = model.frequencyFactors();
        if (factors != null)
            declarations.put(FACTORS, new Declaration(FACTORS, GgufType.F32, List.of((long) factors.length)));
        if (model.reordersQueriesAndKeys()) source.architecture().layers().forEach(this::noteHeads);
        this.file = GgufWriter.create(target, entries, List.copyOf(declarations.values()));
        if (factors != null) file.row(FACTORS, 0, factors);
    }

    private void noteHeads(Layer layer) {
        if (!(layer.attention() instanceof GroupedQuery attention)) return;
        for (Linear linear : attention.projections().linears()) {
            int count = switch (linear.id().role()) {
                case Q -> attention.heads();
                case K -> attention.kvHeads();
                default -> 0;
            };
            if (count == 0) continue;
            heads.put(linear.tensor(), count);
            linear.bias().ifPresent(bias -> heads.put(bias.name(), count));
        }
    }

    private void declare(ModelSource source, GgufFileType type) {
        Map<String, Integer> experts = new HashMap<>();
        for (Layer layer : source.architecture().layers())
            if (layer.feedForward() instanceof Experts network)
                network.experts()
                        .forEach(gated -> gated.linears()
                                .forEach(linear -> experts.put(
                                        linear.tensor(), network.experts().size())));
        for (ModelItem item : ModelItem.of(source.architecture(), false))
            switch (item) {
                case ModelItem.Layer layer ->
                    declare(layer.linear(), type.ofMatrix(layer.linear().columns()), experts);
                case ModelItem.Matrix matrix ->
                    declare(
                            matrix.linear(),
                            matrix.linear().equals(source.architecture().head()) ? type.ofOther() : GgufType.F32,
                            experts);
                case ModelItem.Numbers numbers -> declare(numbers.parameter(), type);
                case ModelItem.Frequencies _ -> {}
            }
    }

    private void declare(Linear linear, GgufType type, Map<String, Integer> experts) {
        Slot slot = slot(linear.tensor());
        List<Long> shape = new ArrayList<>(linear.shape());
        if (slot.expert() >= 0) shape.addFirst((long) Objects.requireNonNull(experts.get(linear.tensor())));
        declarations.putIfAbsent(slot.tensor(), new Declaration(slot.tensor(), type, shape));
        linear.bias().ifPresent(bias -> declareVector(bias));
    }

    private void declare(Parameter parameter, GgufFileType type) {
        if (isActivation(parameter.name())) return; // in the metadata
        if (parameter.shape().size() < 2) {
            declareVector(parameter);
            return;
        }
        String name = slot(parameter.name()).tensor();
        declarations.put(name, new Declaration(name, type.ofOther(), parameter.shape()));
    }

    private void declareVector(Parameter parameter) {
        String name = slot(parameter.name()).tensor();
        declarations.put(name, new Declaration(name, GgufType.F32, parameter.shape()));
    }

    private static boolean isActivation(String tensor) {
        return tensor.contains(".mlp.act_fn.");
    }

    private static Slot slot(String tensor) {
        return TensorNames.gguf(tensor)
                .orElseThrow(() -> new IllegalStateException("tensor " + tensor + " has no name in GGUF"));
    }

    /** Of the layers that methods may touch, as the file stores them. */
    long quantizableBytes() {
        return quantizableBytes;
    }

    /** Of all tensors, as the file stores them. */
    long bytes() {
        return declarations.values().stream().mapToLong(Declaration::bytes).sum();
    }

    @Override
    public void tensor(Tensor tensor) {
        if (isActivation(tensor.name())) return;
        write(tensor.name(), tensor);
    }

    @Override
    public void layer(Linear linear, Weight weight, Optional<Tensor> bias) {
        try (Arena arena = Arena.ofConfined()) {
            write(
                    linear.tensor(),
                    switch (weight) {
                        case DenseWeight dense -> dense.tensor();
                        case PackedWeight packed -> DenseRows.tensor(linear.tensor(), packed, DType.F32, arena);
                    });
        }
        Declaration declaration = declaration(slot(linear.tensor()));
        quantizableBytes += (long) linear.rows() * declaration.type().bytes(linear.columns());
        bias.ifPresent(this::tensor);
    }

    private Declaration declaration(Slot slot) {
        return Objects.requireNonNull(declarations.get(slot.tensor()), slot.tensor());
    }

    private void write(String name, Tensor tensor) {
        Slot slot = slot(name);
        int headCount = heads.getOrDefault(name, 0);
        boolean vector = tensor.shape().size() < 2;
        if (vector && headCount > 0) {
            file.row(slot.tensor(), 0, reordered(tensor.floats(), headCount));
            return;
        }
        int columns = declaration(slot).columns();
        long rows = tensor.elements() / columns;
        long first = slot.expert() < 0 ? 0 : slot.expert() * rows;
        float[] row = new float[columns];
        for (long r = 0; r < rows; r++) {
            tensor.read(r * columns, columns, row, 0);
            file.row(slot.tensor(), first + TensorNames.storedRow(r, rows, headCount), row);
        }
    }

    private static float[] reordered(float[] values, int headCount) {
        float[] stored = new float[values.length];
        for (int i = 0; i < values.length; i++)
            stored[(int) TensorNames.storedRow(i, values.length, headCount)] = values[i];
        return stored;
    }

    @Override
    public void finish() {
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }
}
