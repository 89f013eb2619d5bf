package dev.sinq4j.tensor;

/** Element types a tensor file may hold, by the names safetensors gives them. All are little-endian. */
public enum DType {
    BOOL(8),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    F64(64),
    I64(64),
    U64(64);

    private final int bits;

    DType(int bits) {
        this.bits = bits;
    }

    /** Bits of one element. */
    public int bits() {
        return bits;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bits / 8;
    }

    /** Whether weights of this type can be read as fp32 without a scale: F32, F16 and BF16. */
    public boolean isWeight() {
        return this == F32 || this == F16 || this == BF16;
    }
}
