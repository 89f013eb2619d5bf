package dev.sinq4j.model;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the tensors of a model's files against its config.json: each one expected is there, in its shape and a type that can
 * be read, and none is there that the configuration does not know.
 */
record TensorCheck(Path config, Architecture architecture, Map<String, Tensor> tensors) {

    /** Rotary frequencies that old files carry; they follow from the configuration. */
    private static final String OLD_FREQUENCIES = ".rotary_emb.inv_freq";

    /** @throws UnavailableFailure naming the tensor, and what the configuration says of it */
    void check() {
        Set<String> expected = new HashSet<>();
        for (Parameter parameter : architecture.parameters()) expect(expected, parameter.name(), parameter.shape());
        for (Linear linear : architecture.linears()) expect(expected, linear.tensor(), linear.shape());
        checkHead(expected);
        for (String name : tensors.keySet())
            if (!expected.contains(name) && !name.endsWith(OLD_FREQUENCIES))
                throw new UnavailableFailure(where() + ": the weights hold a tensor '" + name
                        + "' that a model as config.json describes it ("
                        + architecture.modelType() + ", "
                        + architecture.layers().size()
                        + " layers) does not have");
    }

    private void checkHead(Set<String> expected) {
        Linear head = architecture.head();
        if (!architecture.tied()) {
            if (!tensors.containsKey(head.tensor()))
                throw new UnavailableFailure(where() + ": the weights hold no tensor '" + head.tensor()
                        + "', though config.json says tie_word_embeddings is false; expected " + head.shape());
            expect(expected, head.tensor(), head.shape());
            return;
        }
        @Nullable Tensor stored = tensors.get("lm_head.weight");
        if (stored == null) return;
        expect(expected, stored.name(), head.shape());
        Tensor embedding =
                find(architecture.embedding().name(), architecture.embedding().shape());
        if (embedding.dtype() != stored.dtype() || embedding.data().mismatch(stored.data()) != -1)
            throw new UnavailableFailure(where() + ": tensor 'lm_head.weight' differs from '" + embedding.name()
                    + "', though config.json says tie_word_embeddings is true");
    }

    private void expect(Set<String> expected, String name, List<Long> shape) {
        expected.add(name);
        Tensor tensor = find(name, shape);
        if (!tensor.shape().equals(shape))
            throw new UnavailableFailure(where() + ": tensor '" + name + "' has the shape " + tensor.shape()
                    + ", but config.json makes it " + shape);
        if (!tensor.dtype().isWeight())
            throw new UnavailableFailure(where() + ": tensor '" + name + "' holds " + tensor.dtype()
                    + "; a dense model holds F32, F16 or BF16");
    }

    private Tensor find(String name, List<Long> shape) {
        @Nullable Tensor tensor = tensors.get(name);
        if (tensor == null)
            throw new UnavailableFailure(where() + ": the weights hold no tensor '" + name
                    + "', though config.json (model_type " + architecture.modelType() + ") expects it in the shape "
                    + shape);
        return tensor;
    }

    private String where() {
        return String.valueOf(config.getParent());
    }
}
