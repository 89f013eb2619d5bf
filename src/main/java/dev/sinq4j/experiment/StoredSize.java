package dev.sinq4j.experiment;

import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Awq;
import dev.sinq4j.method.BitsAndBytes;
import dev.sinq4j.method.BlockFormat;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Extensions;
import dev.sinq4j.method.External;
import dev.sinq4j.method.Gptq;
import dev.sinq4j.method.Hqq;
import dev.sinq4j.method.LaterSinq;
import dev.sinq4j.method.LlamaCpp;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.Rotated;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.method.SinqFamily.Rounding;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Packing;

/** Bytes a method stores for a matrix, from its shape alone. */
public final class StoredSize {

    private static final int HALF = 2;
    /** Classes of 8-bit scales: a layer's scales are viewed as so many rows. */
    private static final int INT8_ROWS = 32;

    private StoredSize() {}

    /** Codes, scales, zeros and column scales; two bytes a number for the dense model. */
    public static long of(Method method, int rows, int columns) {
        return switch (method) {
            case Dense dense -> (long) HALF * rows * columns;
            case Hqq hqq -> codes(hqq, rows, columns) + 2 * auxiliary(hqq.aux(), groups(hqq, rows, columns));
            case Gptq gptq -> codes(gptq, rows, columns) + 2 * auxiliary(gptq.aux(), groups(gptq, rows, columns));
            case Awq awq ->
                codes(awq, rows, columns)
                        + 2 * auxiliary(awq.aux(), groups(awq, rows, columns))
                        + auxiliary(awq.aux(), columns);
            case BitsAndBytes bitsAndBytes -> blocks(bitsAndBytes, rows, columns);
            case LlamaCpp llamaCpp -> {
                BlockFormat format = llamaCpp.format().fitting(columns);
                yield (long) rows * (columns / format.block()) * format.bytes();
            }
            case LaterSinq later -> of(later.ungated(columns), rows, columns);
            case Rotated rotated -> of(rotated.rounding(), rows, columns) + Math.ceilDiv(columns, Byte.SIZE);
            case External external -> Extensions.of(external).storedBytes(external, rows, columns);
            case SinqFamily family ->
                codes(family, rows, columns)
                        + auxiliary(family.aux(), groups(family, rows, columns))
                        + zeros(family, groups(family, rows, columns))
                        + columnScale(family, rows, columns);
        };
    }

    /** Where no block crosses rows it is a packed weight, with a zero for the layer. */
    private static long blocks(BitsAndBytes method, int rows, int columns) {
        if (columns % method.group() == 0)
            return codes(method, rows, columns) + Float.BYTES * groups(method, rows, columns) + HALF;
        long weights = (long) rows * columns;
        return Math.ceilDiv(weights, 2) + Float.BYTES * Math.ceilDiv(weights, method.group());
    }

    private static long groups(Method method, int rows, int columns) {
        return (long) rows * PackedWeight.groups(columns, method.group());
    }

    private static long codes(Method method, int rows, int columns) {
        return Packing.of(method.bits()).bytes(groups(method, rows, columns), method.group());
    }

    private static long auxiliary(AuxPrecision precision, long numbers) {
        return switch (precision) {
            case FP32 -> Float.BYTES * numbers;
            case FP16 -> HALF * numbers;
            case INT8 -> numbers + 2L * HALF * Math.ceilDiv(numbers, INT8_ROWS);
        };
    }

    private static long zeros(SinqFamily family, long groups) {
        if (family.rounding() == Rounding.UNIFORM_SYMMETRIC) return HALF;
        return family.aux() == AuxPrecision.INT8 ? groups + 2L * HALF : auxiliary(family.aux(), groups);
    }

    private static long columnScale(SinqFamily family, int rows, int columns) {
        if (family.normalization() == Normalization.NONE && family.activationScale() == ActivationScale.NONE) return 0;
        long rowBlocks = family.tiling() == Tiling.TWO_D ? Math.ceilDiv(rows, family.group()) : 1;
        return (family.aux() == AuxPrecision.FP32 ? Float.BYTES : HALF) * rowBlocks * columns;
    }
}
