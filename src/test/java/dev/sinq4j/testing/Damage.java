package dev.sinq4j.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages texts at random: bytes changed, parts cut out, doubled or replaced by what readers stumble over. */
public final class Damage {

    /** {@code -Dsinq4j.fuzz.cases}: how many to try. */
    public static final int CASES = Integer.getInteger("sinq4j.fuzz.cases", 300);

    /** {@code -Dsinq4j.fuzz.seed}: where to start. */
    public static final long SEED = Long.getLong("sinq4j.fuzz.seed", 20261124);

    private static final List<String> SNIPPETS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "'",
            "\n",
            "\t",
            "  ",
            "- ",
            "# ",
            "null",
            "true",
            "-1",
            "0",
            "1e3",
            "1e400",
            "0.5",
            "NaN",
            "2147483647",
            "16777216",
            "9223372036854775808",
            "99999999999999999999",
            "[]",
            "{}",
            "\"\"",
            "\"x\"",
            "[[[[[[[[",
            "\\ud800",
            "\uFEFF",
            "\0",
            "é",
            "&a",
            "*a",
            "!!int",
            "<<",
            "|",
            ">",
            "%");

    private final Random random;

    public Damage(long seed) {
        this.random = new Random(seed);
    }

    /** A damaged copy. */
    public byte[] of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i >= 0; i--) bytes = once(bytes);
        return bytes;
    }

    private byte[] once(byte[] bytes) {
        if (bytes.length == 0) return bytes;
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextInt(4) == 0 ? 64 : 6));
        return switch (random.nextInt(6)) {
            case 0 -> replaced(bytes, from, to, snippet());
            case 1 -> replaced(bytes, from, to, new byte[0]);
            case 2 -> replaced(bytes, from, from, snippet());
            case 3 -> replaced(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
            case 4 -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, from) : replaced(bytes, from, to, snippet());
            default -> {
                byte[] changed = bytes.clone();
                changed[from] = (byte) random.nextInt(256);
                yield changed;
            }
        };
    }

    private byte[] snippet() {
        return SNIPPETS.get(random.nextInt(SNIPPETS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] with) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        result.write(bytes, 0, from);
        result.writeBytes(with);
        result.write(bytes, to, bytes.length - to);
        return result.toByteArray();
    }
}
