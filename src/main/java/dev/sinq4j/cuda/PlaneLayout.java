package dev.sinq4j.cuda;

/**
 * Where the planes of a packed matrix lie in its memory; what stands where inside them is written in {@code planes.cuh}.
 *
 * <p>Codes are split into planes of 8, 4, 2 or 1 bits. A plane is (rows, units) units of 32 columns, each as many 32-bit words as
 * the plane has bits; a row has an even number of units, and each plane starts at a multiple of 256 bytes.
 *
 * @param bits    of a code, 1 to 8
 * @param rows    of the matrix
 * @param columns of the matrix
 */
record PlaneLayout(int bits, int rows, int columns) {

    /** Columns of a unit. */
    static final int UNIT = 32;

    private static final int ALIGNMENT = 256;

    PlaneLayout {
        if (bits < 1 || bits > 8) throw new IllegalArgumentException("bits must be 1 to 8, was " + bits);
    }

    /** Units of a row. */
    int units() {
        return 2 * Math.ceilDiv(columns, 2 * UNIT);
    }

    /** Bits of the plane that holds the low bits of a code. */
    int lead() {
        return bits == 8 ? 8 : bits >= 4 ? 4 : bits >= 2 ? 2 : 1;
    }

    /** Whether there is a plane of two bits behind the lead. */
    boolean two() {
        return bits - lead() >= 2;
    }

    /** Whether there is a plane of one bit behind the others. */
    boolean one() {
        return (bits - lead()) % 2 == 1;
    }

    /** Where the plane of two bits starts, in bytes; the lead starts at 0. */
    long twoOffset() {
        return planeBytes(lead());
    }

    /** Where the plane of one bit starts, in bytes. */
    long oneOffset() {
        return twoOffset() + (two() ? planeBytes(2) : 0);
    }

    /** Bytes of all planes, a multiple of 256. */
    long bytes() {
        return oneOffset() + (one() ? planeBytes(1) : 0);
    }

    private long planeBytes(int planeBits) {
        return aligned((long) rows * units() * planeBits * Integer.BYTES);
    }

    /** {@code bytes} rounded up to where the next thing in a buffer may start. */
    static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }
}
