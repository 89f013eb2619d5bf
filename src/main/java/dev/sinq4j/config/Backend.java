package dev.sinq4j.config;

/** Where the arithmetic is done. One asked for by name and missing is an error; only {@link #AUTO} falls back. */
public enum Backend {
    AUTO,
    CPU,
    CUDA
}
