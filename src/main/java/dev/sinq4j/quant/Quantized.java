package dev.sinq4j.quant;

import dev.sinq4j.weight.Weight;
import java.util.List;
import java.util.Map;

/**
 * A layer after quantizing.
 *
 * @param weight   the stored form
 * @param warnings what a reader of the figures has to know, each naming the tensor
 * @param notes    facts for the results' line of this layer, such as the {@code alpha} a search chose
 */
public record Quantized(Weight weight, List<String> warnings, Map<String, Object> notes) {
    public Quantized {
        warnings = List.copyOf(warnings);
        notes = Map.copyOf(notes);
    }
}
