package dev.sinq4j.engine;

import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.FeedForward.Xielu;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.quant.PassingArrays;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a model's numbers into a backend's memory, a layer at a time.
 *
 * @param passing what all layers together leave on the heap; one layer alone may leave too little for it to be collected
 */
record Loader(ModelSource source, Backend backend, PassingArrays passing) {

    Loader(ModelSource source, Backend backend) {
        this(source, backend, new PassingArrays());
    }

    /** One layer, with each quantizable matrix in the form {@code weights} chooses. */
    LoadedLayer layer(Layer layer, LinearWeights weights) {
        Memory memory = new Memory();
        try {
            Map<LinearId, LinearWeight> matrices = new HashMap<>();
            for (Linear linear : layer.linears()) matrices.put(linear.id(), matrix(linear, weights, memory));
            Map<String, Activations> vectors = new HashMap<>();
            for (Parameter parameter : layer.parameters())
                vectors.put(parameter.name(), upload(values(parameter, memory), memory));
            return new LoadedLayer(layer, matrices, vectors, constants(layer), memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private Optional<XieluConstants> constants(Layer layer) {
        if (!(layer.feedForward() instanceof Xielu xielu)) return Optional.empty();
        try (Arena passing = Arena.ofShared()) {
            return Optional.of(XieluConstants.of(
                    source.tensor(xielu.alphaP(), passing),
                    source.tensor(xielu.alphaN(), passing),
                    source.tensor(xielu.beta(), passing),
                    source.tensor(xielu.eps(), passing)));
        }
    }

    /**
     * Embedding, last norm and head.
     *
     * @param form the head's, unless it is computed with as it is stored
     */
    Ends ends(Optional<HeadWeight> form) {
        Memory memory = new Memory();
        try {
            Architecture architecture = source.architecture();
            Tensor table = source.tensor(architecture.embedding(), memory.arena());
            memory.releaseAtEnd(table);
            LinearWeight embedding = backend.prepare(new DenseWeight(table), memory.arena());
            memory.count(new ModelBytes(table.data().byteSize(), 0, 0, embedding.bytes()));
            LinearWeight stored =
                    architecture.tied() ? embedding : matrix(architecture.head(), LinearWeights.STORED, memory);
            LinearWeight head = form.map(wanted -> head(wanted, memory)).orElse(stored);
            long unread = architecture.tied() && form.isEmpty() ? 0 : embedding.bytes();
            if (!architecture.tied() && form.isPresent()) unread += stored.bytes();
            float[] norm = values(architecture.finalNorm(), memory);
            return new Ends(embedding, upload(norm, memory), head, stored, unread, memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /** The head in a form of its own; the stored one stays beside it, but no longer counts as part of the file. */
    private LinearWeight head(HeadWeight form, Memory memory) {
        Architecture architecture = source.architecture();
        try (Arena whileRead = Arena.ofShared()) {
            Weight weight = source.weight(architecture.head(), whileRead);
            Weight used = form.weight(weight);
            check(architecture.head(), used);
            LinearWeight prepared = backend.prepare(used, memory.arena());
            long replaced = architecture.tied() ? 0 : weight.storedBytes();
            if (weight instanceof DenseWeight dense) dense.tensor().release();
            memory.count(new ModelBytes(used.storedBytes() - replaced, 0, 0, prepared.bytes()));
            return prepared;
        }
    }

    private LinearWeight matrix(Linear linear, LinearWeights weights, Memory memory) {
        Memory whileRead = new Memory();
        boolean kept = false;
        try {
            Weight stored = source.weight(linear, whileRead.arena());
            Weight used = linear.quantizable() ? weights.weight(linear, stored) : stored;
            check(linear, used);
            LinearWeight prepared = backend.prepare(used, memory.arena());
            long bytes = used.storedBytes();
            memory.count(
                    linear.quantizable()
                            ? new ModelBytes(bytes, bytes, linear.elements(), prepared.bytes())
                            : new ModelBytes(bytes, 0, 0, prepared.bytes()));
            switch (used) {
                case DenseWeight dense -> {
                    memory.releaseAtEnd(dense.tensor());
                    memory.adopt(whileRead);
                    kept = true;
                }
                case PackedWeight packed -> {
                    if (stored instanceof DenseWeight dense) dense.tensor().release();
                    passing.left(packed.codes().length);
                }
            }
            return prepared;
        } finally {
            if (!kept) whileRead.close();
        }
    }

    private static void check(Linear linear, Weight used) {
        if (used.rows() != linear.rows() || used.columns() != linear.columns())
            throw new IllegalArgumentException(linear.id() + " has the shape " + linear.shape() + ", its weight "
                    + used.rows() + " x " + used.columns());
    }

    private float[] values(Parameter parameter, Memory memory) {
        try (Arena passing = Arena.ofShared()) {
            Tensor tensor = source.tensor(parameter, passing);
            memory.count(new ModelBytes(tensor.data().byteSize(), 0, 0, 4L * parameter.elements()));
            float[] values = tensor.floats();
            for (int i = 0; parameter.shift() != 0 && i < values.length; i++) values[i] += parameter.shift();
            return values;
        }
    }

    private Activations upload(float[] values, Memory memory) {
        Activations buffer = memory.keep(backend.allocate(values.length));
        backend.write(values, values.length, buffer);
        return buffer;
    }

    /**
     * What stands before and after the layers.
     *
     * @param embedding (vocabulary, hidden)
     * @param norm      (hidden)
     * @param head      (vocabulary, hidden), what is computed with
     * @param stored    the head as the model's files hold it; the same unless it was given another form
     * @param unread    bytes in memory of what no token reads whole: an embedding that is no head, a stored head that is not used
     * @param memory    what all of them take
     */
    record Ends(
            LinearWeight embedding,
            Activations norm,
            LinearWeight head,
            LinearWeight stored,
            long unread,
            Memory memory)
            implements AutoCloseable {
        @Override
        public void close() {
            memory.close();
        }
    }
}
