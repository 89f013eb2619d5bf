package dev.sinq4j.method;

/** Shape of the sub-matrix one Sinkhorn run sees. */
public enum Tiling {
    /** All rows x group. */
    ONE_D,
    /** group x group. */
    TWO_D
}
