package dev.sinq4j.method;

/** How scales and zeros are stored. */
public enum AuxPrecision {
    /** Scales and zeros as 8-bit codes with fp16 steps, column scales fp16; the reference's {@code quantAux}. */
    INT8("int8"),
    /** All of them fp16. */
    FP16("fp16"),
    /** All of them fp32, and weights not rounded to fp16 first; the reference's working precision on the string "cpu". */
    FP32("fp32");

    private final String label;

    AuxPrecision(String label) {
        this.label = label;
    }

    /** The name in configurations, results and tables. */
    public String label() {
        return label;
    }
}
