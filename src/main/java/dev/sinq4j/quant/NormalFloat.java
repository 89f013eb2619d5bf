package dev.sinq4j.quant;

import dev.sinq4j.weight.Grid;

/** The levels of the normal-float codebooks, ascending. */
public final class NormalFloat {

    /** Dettmers et al. 2023 (QLoRA): quantiles of the normal distribution, scaled to -1 to 1, with an exact zero. */
    static final float[] NF4 = {
        -1.0f,
        -0.6961928f,
        -0.52507305f,
        -0.3949175f,
        -0.28444138f,
        -0.18477343f,
        -0.091050036f,
        0.0f,
        0.0795803f,
        0.1609302f,
        0.2461123f,
        0.33791524f,
        0.44070983f,
        0.562617f,
        0.72295684f,
        1.0f
    };

    /** The eight levels the SINQ reference uses at 3 bits. */
    static final float[] NF3 = {-1.0f, -0.53502274f, -0.2469314f, 0.0f, 0.18333752f, 0.38199395f, 0.62298566f, 1.0f};

    private NormalFloat() {}

    /** NF4 as it is stored: levels rounded to fp16, as the reference decodes them. */
    public static Grid.Codebook nf4() {
        return new Grid.Codebook(4, Half.rounded(NF4));
    }

    /** NF3 as it is stored: levels rounded to fp16, as the reference decodes them. */
    public static Grid.Codebook nf3() {
        return new Grid.Codebook(3, Half.rounded(NF3));
    }
}
