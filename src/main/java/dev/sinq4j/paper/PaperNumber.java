package dev.sinq4j.paper;

import org.jspecify.annotations.Nullable;

/**
 * One number of a paper.
 *
 * @param place   where it stands, such as {@code Table 1}
 * @param model   hub id
 * @param method  as configurations name it
 * @param name    as the paper names the method
 * @param bits    of a code; 16 where nothing is quantized
 * @param presinq whether the layers before took up the scales first
 * @param value   in the unit of its measure
 */
public record PaperNumber(
        String place,
        String model,
        String method,
        String name,
        int bits,
        boolean presinq,
        Conditions conditions,
        Measure measure,
        double value) {

    /**
     * Under which conditions it was measured; absent is not stated.
     *
     * @param window tokens of a window of a perplexity
     * @param tool   program whose protocol is another than ours
     */
    public record Conditions(
            @Nullable Integer group,
            @Nullable String tiling,
            @Nullable String aux,
            @Nullable Integer window,
            @Nullable String tool) {}
}
