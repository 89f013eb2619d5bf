package dev.sinq4j.config;

import dev.sinq4j.config.bind.FurtherKeys;
import dev.sinq4j.config.bind.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the list of methods. Its lists multiply: every bit width by every group by every tiling by every auxiliary
 * precision is a cell, the last varying fastest. An absent list is a setting the method does not have, or its default.
 *
 * @param options further settings of this method, as written: texts, whole numbers ({@link Long}), numbers ({@link Double}), booleans and lists of them
 */
public record MethodConfig(
        @Setting("Name of the method, such as none, rtn, hqq, sinq or asinq")
        String method,

        @Setting(value = "Bits of a code, one or several", min = 1, max = 8, oneOrMany = true) @Nullable
        List<Integer> bits,

        @Setting(value = "Columns that share a scale, one or several", min = 1, max = 1 << 20, oneOrMany = true)
        @Nullable
        List<Integer> group,

        @Setting(
                value = "Rows of a Sinkhorn tile: all (1d) or as many as columns (2d)",
                allowed = {"1d", "2d"},
                oneOrMany = true)
        @Nullable
        List<String> tiling,

        @Setting(
                value = "How scales and zeros are stored",
                allowed = {"int8", "fp16", "fp32"},
                oneOrMany = true)
        @Nullable
        List<String> aux,

        @Setting("Text whose activations a calibrated method sees") @Nullable
        CalibrationConfig calibration,

        @Setting("Pre-SINQ before the method; {} for its defaults") @Nullable
        PreSinqConfig presinq,

        @Setting(value = "Bits of the head, which is rounded to nearest; it stays as it is if absent", min = 2, max = 8)
        @Nullable
        Integer headBits,

        @FurtherKeys Map<String, Object> options) {

    /** The cells this line stands for. */
    public List<MethodSettings> cells() {
        List<MethodSettings> cells = new ArrayList<>();
        for (@Nullable Integer oneBits : each(bits))
            for (@Nullable Integer oneGroup : each(group))
                for (@Nullable String oneTiling : each(tiling))
                    for (@Nullable String oneAux : each(aux))
                        cells.add(new MethodSettings(
                                method, oneBits, oneGroup, oneTiling, oneAux, calibration, presinq, headBits, options));
        return cells;
    }

    private static <T> List<@Nullable T> each(@Nullable List<T> values) {
        return values == null ? Arrays.asList((T) null) : new ArrayList<>(values);
    }

    /** What a calibrated method sees. */
    public record CalibrationConfig(
            @Setting(value = "A known text (bundled, reference-prompts) or a file", fallback = "bundled")
            String text,

            @Setting(value = "Tokens of one block", fallback = "128", min = 1, max = 1 << 20)
            int tokens,

            @Setting(value = "Blocks; all of the text if absent", min = 1, max = 1 << 20) @Nullable
            Integer blocks) {

        /** What a calibrated method sees where nothing is said. */
        public static final CalibrationConfig DEFAULT = new CalibrationConfig("bundled", 128, null);
    }
}
