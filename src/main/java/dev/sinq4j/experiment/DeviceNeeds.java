package dev.sinq4j.experiment;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Bytes of a GPU's memory a cell takes, from shapes alone.
 *
 * @param weights      as the kernels lay them out
 * @param cache        keys and values
 * @param activations  what a layer computes in between, and hidden states
 * @param products     space that products of many tokens share
 * @param quantizing   of the largest matrix; kept after it
 * @param calibrating  what a calibration text takes on its way, given back before anything is evaluated
 * @param context      the driver's and the kernels' own
 * @param layerByLayer whether one layer's weights are there at a time
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DeviceNeeds(
        long weights,
        long cache,
        long activations,
        long products,
        long quantizing,
        long calibrating,
        long context,
        boolean layerByLayer) {

    /** The peak: a model is calibrated before it is evaluated; nothing else is given back before the cell ends. */
    public long bytes() {
        return weights + products + quantizing + context + Math.max(calibrating, cache + activations);
    }
}
