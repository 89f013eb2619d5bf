package dev.sinq4j.weight;

/** The matrix of one linear layer, (rows, columns) = (out_features, in_features), in one of its stored forms. */
public sealed interface Weight permits DenseWeight, PackedWeight {

    /** Output features. */
    int rows();

    /** Input features. */
    int columns();

    /** Bytes this form takes in a file: codes as packed, scales, zeros and column scales. */
    long storedBytes();
}
