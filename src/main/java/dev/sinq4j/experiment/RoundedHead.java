package dev.sinq4j.experiment;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.HeadWeight;
import dev.sinq4j.method.QuantizedHead;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings the head into few bits when a model is loaded; one that is quantized already stays as it is. */
public record RoundedHead(Quantizer quantizer) implements HeadWeight {

    /**
     * The form of a head.
     *
     * @param head    null for the stored form, which is no form of its own
     * @param backend does the quantizing as far as it can
     */
    public static Optional<HeadWeight> of(@Nullable QuantizedHead head, Backend backend) {
        return Optional.ofNullable(head).map(form -> new RoundedHead(backend.quantizer(form.method())));
    }

    @Override
    public Weight weight(Weight stored) {
        return stored instanceof DenseWeight dense
                ? quantizer.quantize(dense.tensor(), null).weight()
                : stored;
    }
}
