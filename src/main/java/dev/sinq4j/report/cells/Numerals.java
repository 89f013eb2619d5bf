package dev.sinq4j.report.cells;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as text, the same in every locale. */
public final class Numerals {

    private Numerals() {}

    /** A fixed number of decimals. */
    public static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) return notFinite(value);
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.matches("-0\\.?0*") ? text.substring(1) : text;
    }

    /** A fixed number of decimals with its sign, also of a positive number. */
    public static String signed(double value, int decimals) {
        String text = fixed(value, decimals);
        return value > 0 && !text.matches("0\\.?0*") ? "+" + text : text;
    }

    /** A number of significant digits; powers of ten outside 0.001 to 100 000. */
    public static String significant(double value, int digits) {
        if (!Double.isFinite(value)) return notFinite(value);
        if (value == 0) return "0";
        int exponent = (int) Math.floor(Math.log10(Math.abs(value)));
        if (exponent < -3 || exponent >= 5) return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits)); // 9.996 may become 10.0
        return fixed(value, Math.max(0, digits - rounded.precision() + rounded.scale()));
    }

    /** Three decimals, fewer from 100 on: differences of quantized models begin in the third. */
    public static String perplexity(double value) {
        double size = Math.abs(value);
        if (size < 100) return fixed(value, 3);
        if (size < 1000) return fixed(value, 2);
        return size < 100_000 ? fixed(value, 1) : significant(value, 4);
    }

    /** A whole number with thin groups of three, such as {@code 75 739}. */
    public static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f');
    }

    private static String notFinite(double value) {
        if (Double.isNaN(value)) return "NaN";
        return value > 0 ? "\u221e" : "-\u221e";
    }
}
