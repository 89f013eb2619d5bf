package dev.sinq4j.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A share of the cells.
 *
 * @param index 1 to {@code count}
 * @param count how many shares there are
 */
record Shard(int index, int count) {

    /** Reads {@code I/N}. */
    static final class Converter implements ITypeConverter<Shard> {

        private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

        @Override
        public Shard convert(String value) {
            Matcher form = FORM.matcher(value);
            if (form.matches()) {
                Shard shard = new Shard(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
                if (shard.index >= 1 && shard.index <= shard.count) return shard;
            }
            throw new TypeConversionException("'" + value + "' is not I/N with I from 1 to N, for example 1/4");
        }
    }
}
