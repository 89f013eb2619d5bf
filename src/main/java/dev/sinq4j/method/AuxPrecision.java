package dev.sinq4j.method;

/** How scales and zeros are stored. */
public enum AuxPrecision {
    INT8,
    FP16,
    FP32
}
