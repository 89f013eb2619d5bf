package dev.sinq4j.checkpoint;

import java.util.List;

/**
 * Names of a quantized layer's tensors.
 *
 * @param leaf the layer's module name, such as {@code model.layers.0.mlp.up_proj}
 */
record LayerNames(String leaf) {

    private static final String WEIGHT = ".weight";
    private static final String CODES = ".W_q";

    /** The layer whose matrix has this name in an unquantized model. */
    static LayerNames ofWeight(String tensor) {
        if (!tensor.endsWith(WEIGHT))
            throw new IllegalArgumentException("the matrix of a linear layer is called ...weight, not " + tensor);
        return new LayerNames(tensor.substring(0, tensor.length() - WEIGHT.length()));
    }

    /** Whether a tensor holds the codes of a quantized layer. */
    static boolean isCodes(String tensor) {
        return tensor.endsWith(CODES);
    }

    /** The layer whose codes a tensor holds. */
    static LayerNames ofCodes(String tensor) {
        return new LayerNames(tensor.substring(0, tensor.length() - CODES.length()));
    }

    /** Every tensor the matrix may have; which ones depends on how it was quantized. */
    List<String> all() {
        return List.of(
                codes(),
                columnScale(),
                hadamardSigns(),
                auxiliary("scale"),
                auxiliary("scale", "x"),
                auxiliary("scale", "s"),
                auxiliary("scale", "m"),
                auxiliary("zero"),
                auxiliary("zero", "x"),
                auxiliary("zero", "s"),
                auxiliary("zero", "m"));
    }

    String codes() {
        return leaf + CODES;
    }

    String bias() {
        return leaf + ".bias";
    }

    String columnScale() {
        return leaf + ".meta.scale2";
    }

    /** Not the reference's: signs of a Hadamard rotation. */
    String hadamardSigns() {
        return leaf + ".meta.hadamard_signs";
    }

    /** @param kind {@code scale} or {@code zero} */
    String auxiliary(String kind) {
        return leaf + ".meta." + kind;
    }

    /**
     * @param kind {@code scale} or {@code zero}
     * @param part {@code x}, {@code s} or {@code m}
     */
    String auxiliary(String kind, String part) {
        return auxiliary(kind) + "." + part;
    }
}
