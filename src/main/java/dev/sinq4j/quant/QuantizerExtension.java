package dev.sinq4j.quant;

import dev.sinq4j.method.External;
import dev.sinq4j.method.MethodExtension;

/** A {@link MethodExtension} and how it quantizes; what an author of a method implements. */
public interface QuantizerExtension extends MethodExtension {

    /**
     * The quantizer of one setting of the method. It is shared by threads and by all layers of a model; the same weight and
     * inputs must always give the same result.
     */
    Quantizer quantizer(External method);
}
