package dev.sinq4j.engine;

import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a calibration text through a dense model, a layer at a time, and lets the weights of each layer be chosen by what its
 * matrices were given. At most one layer's dense weights and inputs are in memory.
 *
 * <p>What operations hand on is rounded to bf16, as in the SINQ reference, which calibrates a bf16 model: with fp32 activations
 * another scale wins where a search is close. The model that is loaded computes in fp32.
 *
 * @param blocks     token ids; each block is a text of its own
 * @param sequential whether a layer's outputs, which are the next layer's inputs, are computed with the weights just chosen
 *                   (as GPTQ does) instead of the dense ones (as activation-aware scaling does)
 */
public record Calibration(List<int[]> blocks, boolean sequential) {

    public Calibration {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty()) throw new IllegalArgumentException("a calibration needs at least one block of tokens");
    }

    /**
     * The model with the weights that were chosen.
     *
     * @param head the form of the head, unless it stays as it is stored, which no layer's inputs depend on
     */
    public LanguageModel load(
            ModelSource source, CalibratedWeights weights, Optional<HeadWeight> head, Backend backend) {
        List<LoadedLayer> layers = new ArrayList<>();
        try {
            Loader loader = new Loader(source, backend);
            Loader.Ends ends = loader.ends(head);
            try (LayerPass pass = pass(source, ends, backend)) {
                for (Layer layer : source.architecture().layers()) layers.add(chosen(layer, loader, pass, weights));
                return new LanguageModel(backend, source.architecture(), ends, layers);
            } catch (RuntimeException | Error e) {
                ends.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            layers.forEach(LoadedLayer::close);
            throw e;
        }
    }

    /** Only shows the weights and inputs, and keeps nothing of what is chosen beyond its layer; for writing a checkpoint. */
    public void visit(ModelSource source, CalibratedWeights weights, Backend backend) {
        Loader loader = new Loader(source, backend);
        try (Loader.Ends ends = loader.ends(Optional.empty());
                LayerPass pass = pass(source, ends, backend)) {
            for (Layer layer : source.architecture().layers())
                chosen(layer, loader, pass, weights).close();
        }
    }

    private LayerPass pass(ModelSource source, Loader.Ends ends, Backend backend) {
        List<Integer> counts = blocks.stream().map(block -> block.length).toList();
        return new LayerPass(new BFloat16Backend(backend), source.architecture(), ends, blocks, counts);
    }

    private LoadedLayer chosen(Layer layer, Loader loader, LayerPass pass, CalibratedWeights weights) {
        try (LoadedLayer dense = loader.layer(layer, LinearWeights.STORED)) {
            InputRecorder recorder = new InputRecorder(loader.backend());
            if (sequential) pass.rehearse(dense, recorder);
            else pass.forward(dense, recorder);
            LoadedLayer chosen =
                    loader.layer(layer, (linear, stored) -> weights.weight(linear, stored, recorder.inputs(linear)));
            if (sequential) pass.forward(chosen, InputObserver.NONE);
            return chosen;
        }
    }
}
