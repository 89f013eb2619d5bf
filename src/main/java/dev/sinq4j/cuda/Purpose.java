package dev.sinq4j.cuda;

/** What device memory is for. */
public enum Purpose {
    WEIGHTS,
    CACHE,
    ACTIVATIONS,
    WORKSPACE
}
