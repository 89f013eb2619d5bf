package dev.sinq4j.checkpoint;

import dev.sinq4j.tensor.Tensor;
import java.util.List;

/**
 * A quantized layer as it goes into a checkpoint.
 *
 * @param tensors   in the reference's order, on the heap
 * @param meta      for the sidecar
 * @param extension what the reference's format cannot say
 */
record EncodedLayer(List<Tensor> tensors, LayerMeta meta, LayerExtension extension) {
    EncodedLayer {
        tensors = List.copyOf(tensors);
    }
}
