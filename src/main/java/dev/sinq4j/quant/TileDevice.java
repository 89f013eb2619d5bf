package dev.sinq4j.quant;

import dev.sinq4j.tensor.Tensor;

/**
 * Normalizes and rounds the tiles of a layer elsewhere than in this room's loops, such as on a GPU. It gives what they give, but
 * for fp64 sums in another order, which show in about one of a million fp32 numbers.
 */
public interface TileDevice {

    /** Whether it can do this; what it cannot is done on the CPU. */
    boolean knows(TileTask task);

    /**
     * Normalizes and rounds a whole layer.
     *
     * @param weight as {@code task} describes it; not modified
     * @param out    overwritten
     * @return whether every number of the weight was finite in the precision of the task; what {@code out} holds is anything if not
     * @throws dev.sinq4j.failure.UnavailableFailure if the device has not enough memory
     */
    boolean round(Tensor weight, TileTask task, RoundedTiles out);

    /** Whether it can do this; what it cannot is done on the CPU. */
    boolean knows(SearchTask task);

    /**
     * How much the outputs of a layer change under candidates of an activation scale.
     *
     * @param weight as {@code task} describes it, every number finite; not modified
     * @param inputs of the layer, as the search sees them
     * @return one sum over tokens and rows a candidate
     * @throws dev.sinq4j.failure.UnavailableFailure if the device has not enough memory
     */
    double[] outputErrors(Tensor weight, SearchTask task, Inputs inputs, float[][] candidates);
}
