package dev.sinq4j.checkpoint;

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

/** Holds a quantized checkpoint's configuration, sidecar and tensors against each other, without unpacking any layer. */
record CheckpointCheck(Path folder, Architecture architecture, Sidecar sidecar, Map<String, Tensor> tensors) {

    /** Stored by the reference, and not used. */
    private static final String FREQUENCIES = ".rotary_emb.inv_freq";

    private static final String META = ".meta.";

    void check() {
        Set<String> leaves = new HashSet<>();
        Set<String> known = new HashSet<>();
        for (Linear linear : architecture.linears()) checkLinear(linear, leaves, known);
        for (Parameter parameter : architecture.parameters()) {
            requireDense(parameter.name(), parameter.shape());
            known.add(parameter.name());
        }
        requireDense(architecture.head().tensor(), architecture.head().shape());
        known.add(architecture.head().tensor());
        for (String leaf : sidecar.layers().keySet())
            if (!leaves.contains(leaf))
                throw new UnavailableFailure(sidecar.file() + ": layer '" + leaf
                        + "' is quantized, but config.json describes no such linear layer inside the decoder");
        for (String name : tensors.keySet()) checkKnown(name, leaves, known);
    }

    private void checkLinear(Linear linear, Set<String> leaves, Set<String> known) {
        LayerNames names = LayerNames.ofWeight(linear.tensor());
        LayerMeta meta = sidecar.layers().get(names.leaf());
        leaves.add(names.leaf());
        if (meta == null) {
            if (tensors.containsKey(names.codes()))
                throw new UnavailableFailure(folder + ": tensor '" + names.codes() + "' is there, but " + Sidecar.FILE
                        + " has no entry for layer '" + names.leaf() + "'");
            requireDense(linear.tensor(), linear.shape());
            known.add(linear.tensor());
            return;
        }
        if (meta.rows() != linear.rows() || meta.columns() != linear.columns())
            throw new UnavailableFailure(sidecar.file() + ": layer '" + names.leaf() + "': meta: shape: expected "
                    + linear.shape() + " as config.json makes it, found [" + meta.rows() + ", " + meta.columns() + "]");
        if (!tensors.containsKey(names.codes()))
            throw new UnavailableFailure(folder + ": layer '" + names.leaf() + "': tensor '" + names.codes()
                    + "' is missing, though the sidecar says that the layer is quantized");
        known.add(names.codes());
    }

    private void requireDense(String name, List<Long> shape) {
        Tensor tensor = tensors.get(name);
        if (tensor == null)
            throw new UnavailableFailure(
                    folder + ": tensor '" + name + "' is missing; config.json expects it in the shape " + shape);
        if (!tensor.shape().equals(shape))
            throw new UnavailableFailure(folder + ": tensor '" + name + "': expected the shape " + shape
                    + " as config.json makes it, found " + tensor.shape());
        if (!tensor.dtype().isWeight())
            throw new UnavailableFailure(
                    folder + ": tensor '" + name + "': expected F32, F16 or BF16, found " + tensor.dtype());
    }

    private void checkKnown(String name, Set<String> leaves, Set<String> known) {
        if (known.contains(name) || name.endsWith(FREQUENCIES)) return;
        int meta = name.indexOf(META);
        if (meta >= 0
                && leaves.contains(name.substring(0, meta))
                && sidecar.layers().containsKey(name.substring(0, meta))) return;
        throw new UnavailableFailure(folder + ": tensor '" + name + "' belongs to nothing that config.json ("
                + architecture.modelType() + ") and the sidecar describe");
    }
}
