package dev.sinq4j.checkpoint;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Something a checkpoint stores, under a name. */
sealed interface ModelItem {

    /** The tensor's name, which decides its place. */
    String name();

    /** A matrix that methods may touch, its bias included. */
    record Layer(Linear linear) implements ModelItem {
        @Override
        public String name() {
            return linear.tensor();
        }
    }

    /** A matrix that methods leave alone: the head, a router. */
    record Matrix(Linear linear) implements ModelItem {
        @Override
        public String name() {
            return linear.tensor();
        }
    }

    /** An embedding, a norm, a bias of a matrix that is left alone, a scalar. */
    record Numbers(Parameter parameter) implements ModelItem {
        @Override
        public String name() {
            return parameter.name();
        }
    }

    /** Rotary frequencies, which the reference stores as the buffer they are in its models. */
    record Frequencies(String name) implements ModelItem {}

    /** Everything, in the order of PyTorch's modules. A tied head is not stored. */
    static List<ModelItem> of(Architecture architecture, boolean withFrequencies) {
        List<ModelItem> items = new ArrayList<>();
        List<Parameter> parameters = new ArrayList<>(architecture.parameters());
        List<Linear> linears = new ArrayList<>(architecture.linears());
        if (!architecture.tied()) linears.add(architecture.head());
        for (Linear linear : linears) {
            items.add(linear.quantizable() ? new Layer(linear) : new Matrix(linear));
            Optional<Parameter> bias = linear.bias();
            if (linear.quantizable() && bias.isPresent()) parameters.remove(bias.get());
        }
        parameters.forEach(parameter -> items.add(new Numbers(parameter)));
        if (withFrequencies) items.add(new Frequencies("model.rotary_emb.inv_freq"));
        items.sort(Comparator.comparing(ModelItem::name, new ModuleOrder()));
        return items;
    }
}
