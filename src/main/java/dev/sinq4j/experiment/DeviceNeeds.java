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
        long context,
        boolean layerByLayer) {

    /** All of it: nothing is given back before the cell ends. */
    public long bytes() {
        return weights + cache + activations + products + quantizing + context;
    }
}
