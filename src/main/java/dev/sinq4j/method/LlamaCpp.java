package dev.sinq4j.method;

import java.util.Locale;

/**
 * A block format of llama.cpp as fake quantization: every matrix is rounded to the format's blocks and widened again. Named
 * like llama-quantize's types, {@code q4_0}, {@code q4_1}, {@code q5_0}, {@code q8_0} and {@code q3_k_s}; no importance matrix.
 *
 * <p>All linear layers but the head get the one format, which is what llama-quantize does for these types in models that are
 * neither mixtures of eight experts nor of 70B; the head, which it stores as Q6_K, stays as it is here. Rows that do not divide
 * into blocks: {@link BlockFormat#fitting}.
 *
 * <p>Source: {@code ggml-org/llama.cpp}, {@code ggml-quants.c} and {@code llama-quant.cpp}.
 */
public record LlamaCpp(BlockFormat format) implements Method {

    /** Weights that share a scale of Q3_K; in the other formats a whole block does. */
    private static final int PART_OF_Q3_K = 16;

    @Override
    public String name() {
        return name(format);
    }

    static String name(BlockFormat format) {
        String name = format.name().toLowerCase(Locale.ROOT);
        return format == BlockFormat.Q3_K ? name + "_s" : name;
    }

    @Override
    public int bits() {
        return format.bits();
    }

    @Override
    public int group() {
        return group(format);
    }

    static int group(BlockFormat format) {
        return format == BlockFormat.Q3_K ? PART_OF_Q3_K : format.block();
    }
}
