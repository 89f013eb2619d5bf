package dev.sinq4j.method;

import java.util.Map;

/**
 * The head in few bits. Methods leave it alone, as the SINQ reference does; decoding a small model then spends half its time
 * reading it, which llama.cpp's files, whose head has 6 or 8 bits, do not. Composes with every {@link Method} that quantizes. The
 * embedding stays as it is, also where the head reads the same tensor.
 *
 * @param bits of a code, 2 to 8
 */
public record QuantizedHead(int bits) {

    private static final int GROUP = 64;

    public QuantizedHead {
        if (bits < 2 || bits > 8) throw new IllegalArgumentException("head-bits must be 2 to 8, were " + bits);
    }

    /** What is done to it: nearest numbers in groups of 64 columns with fp16 scales and zeros, after Sinkhorn normalization. */
    public Method method() {
        return Methods.of(new MethodRequest("rtn", bits, GROUP, Tiling.ONE_D, AuxPrecision.FP16, Map.of()));
    }
}
