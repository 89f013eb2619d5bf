package dev.sinq4j.tokenizer.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions every template can call. */
final class Functions {

    /** Longest range the sandbox allows. */
    private static final int MAX_RANGE = 100_000;

    private Functions() {}

    /** @param now what {@code strftime_now} formats */
    static Scope scope(LocalDateTime now) {
        Scope scope = new Scope(null);
        scope.set("range", (Callable) Functions::range);
        scope.set("namespace", (Callable) Functions::namespace);
        scope.set("dict", (Callable) arguments -> new LinkedHashMap<Object, Object>(arguments.named()));
        scope.set("raise_exception", (Callable) arguments -> {
            throw JinjaException.raised(PythonText.str(arguments.get(0, "message")));
        });
        scope.set("strftime_now", (Callable) arguments -> strftime(now, arguments.text(0, "format")));
        return scope;
    }

    private static Object range(Arguments a) {
        long start = a.count() > 1 ? a.integer(0, "start", 0) : 0;
        long stop = a.count() > 1 ? a.integer(1, "stop", 0) : a.integer(0, "stop", 0);
        long step = a.integer(2, "step", 1);
        if (step == 0) throw new JinjaException("a range's step cannot be 0");
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() == MAX_RANGE) throw new JinjaException("a range longer than " + MAX_RANGE);
            numbers.add(i);
        }
        return numbers;
    }

    private static Object namespace(Arguments arguments) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (arguments.get(0, "", None.NONE) instanceof Map<?, ?> initial)
            initial.forEach((key, value) -> attributes.put(PythonText.str(key), value));
        attributes.putAll(arguments.named());
        return new Namespace(attributes);
    }

    private static String strftime(LocalDateTime now, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            boolean unpadded = format.charAt(i + 1) == '-' && i + 2 < format.length();
            String field = field(now, format.charAt(unpadded ? i += 2 : ++i));
            text.append(unpadded ? field.replaceFirst("^0+(?=.)", "") : field);
        }
        return text.toString();
    }

    private static String field(LocalDateTime now, char directive) {
        String pattern = switch (directive) {
            case 'Y' -> "uuuu";
            case 'y' -> "uu";
            case 'm' -> "MM";
            case 'B' -> "MMMM";
            case 'b', 'h' -> "MMM";
            case 'd' -> "dd";
            case 'j' -> "DDD";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'f' -> "SSSSSS";
            case 'p' -> "a";
            case 'F' -> "uuuu-MM-dd";
            case 'T' -> "HH:mm:ss";
            case '%' -> "'%'";
            default -> throw new JinjaException("strftime_now knows no %" + directive);
        };
        return now.format(DateTimeFormatter.ofPattern(pattern, Locale.US));
    }
}
