package dev.sinq4j.model.architecture;

/** What a matrix is for. A fused matrix (Phi-3) has a role of its own: it is stored, and quantized, as one. */
public enum Role {
    Q,
    K,
    V,
    /** q, k and v rows, one after the other. */
    QKV,
    /** Latent attention: hidden to query rank. */
    Q_A,
    /** Latent attention: query rank to queries. */
    Q_B,
    /** Latent attention: hidden to key-value rank and the rotated key all heads share. */
    KV_A,
    /** Latent attention: key-value rank to keys and values. */
    KV_B,
    O,
    GATE,
    UP,
    /** gate and up rows, one after the other. */
    GATE_UP,
    DOWN,
    /** Hidden to one number an expert. */
    ROUTER,
    SHARED_GATE,
    SHARED_UP,
    SHARED_DOWN,
    /** Hidden to vocabulary. */
    HEAD
}
