package dev.sinq4j.experiment;

import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodFacts;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.Resolution.Accepted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table in {@code docs/methods.md}: what every method is, made from the methods themselves. */
public final class MethodTable {

    /** Where the page keeps the table. */
    static final Path PAGE = Path.of("docs/methods.md");

    private static final String BEGIN = "<!-- made by exec:java@methods -->\n";
    private static final String END = "<!-- end -->\n";
    private static final int MOST_BITS = 16;
    /** Rows and columns of the matrix whose stored bits are shown. */
    private static final int SIDE = 4096;

    private MethodTable() {}

    /** Renews the table: {@code mvn -q compile exec:java@methods}. */
    public static void main(String[] args) throws IOException {
        Files.writeString(PAGE, renewed(Files.readString(PAGE)));
    }

    /** The page with a table of today. */
    static String renewed(String page) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin)
            throw new IllegalStateException(PAGE + ": expected a line '" + BEGIN.strip() + "' and then '" + END.strip()
                    + "', found none; restore them");
        return page.substring(0, begin + BEGIN.length()) + markdown() + page.substring(end);
    }

    private static String markdown() {
        String head = """
            | method | does | definition | calibration | bits | stored bits | options | checked against |
            |---|---|---|---|---|---|---|---|
            """;
        return head + Methods.facts().stream().map(MethodTable::row).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(MethodFacts facts) {
        Method method = Methods.of(MethodRequest.of(facts.name()));
        return cells(
                "`" + facts.name() + "`",
                facts.does(),
                facts.source(),
                calibration(method),
                bits(facts.name()),
                String.format(Locale.ROOT, "%d: %.2f", method.bits(), storedBits(method)),
                facts.options().stream()
                        .map(MethodOption::key)
                        .sorted()
                        .map(key -> "`" + key + "`")
                        .collect(Collectors.joining(" ")),
                facts.oracle());
    }

    private static String cells(String... cells) {
        return Stream.of(cells).map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String calibration(Method method) {
        if (!method.needsCalibration()) return "no";
        return method.sequentialCalibration() ? "yes, of layers already quantized" : "yes";
    }

    private static String bits(String name) {
        List<Integer> possible = IntStream.rangeClosed(1, MOST_BITS)
                .filter(bits ->
                        Methods.resolve(new MethodRequest(name, bits, null, null, null, Map.of())) instanceof Accepted)
                .boxed()
                .toList();
        return possible.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static double storedBits(Method method) {
        return 8.0 * StoredSize.of(method, SIDE, SIDE) / ((double) SIDE * SIDE);
    }
}
