package dev.sinq4j.experiment;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Bytes of memory a cell takes on the CPU, from shapes alone; mapped weights count, since they have to stay in memory for a
 * cell to run at its speed.
 *
 * @param weights      as the kernels lay them out; of one layer, embedding and head where layers are read one by one
 * @param cache        keys and values
 * @param activations  of the windows on their way, and what a layer computes in between
 * @param quantizing   the working set of the largest matrix
 * @param program      code, threads and the garbage the heap may hold
 * @param layerByLayer whether one layer's weights are in memory at a time
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record HostNeeds(
        long weights, long cache, long activations, long quantizing, long program, boolean layerByLayer) {

    /** The peak: a model is quantized before it is evaluated. */
    public long bytes() {
        return program + weights + Math.max(quantizing, cache + activations);
    }
}
