package dev.sinq4j.cli;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.MethodOption;

/** Reads a method's further setting from the command line. */
final class MethodOptionText {

    private MethodOptionText() {}

    /** @throws UsageFailure if the text is no value of the option */
    static Object value(MethodOption option, String text) {
        Object value = parsed(option, text);
        if (option.kind().accepts(value)) return value;
        throw new UsageFailure("--option " + option.key() + ": '" + text + "' is not "
                + option.kind().words());
    }

    private static Object parsed(MethodOption option, String text) {
        try {
            return switch (option.kind()) {
                case SWITCH -> text.equals("true") || text.equals("false") ? (Object) text.equals("true") : text;
                case WHOLE -> Long.parseLong(text);
                case SHARE, POSITIVE -> Double.parseDouble(text);
            };
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
