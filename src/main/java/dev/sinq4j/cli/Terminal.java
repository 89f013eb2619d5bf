package dev.sinq4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the process's output goes to. */
final class Terminal {

    private Terminal() {}

    /** Whether standard output is a terminal. */
    static boolean onOutput() {
        return isTerminal(1);
    }

    /** Whether standard error is a terminal. */
    static boolean onError() {
        return isTerminal(2);
    }

    /** Whether text on standard output may be coloured. */
    static boolean colour() {
        return System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM")) && onOutput();
    }

    /** What to print before a line on standard error, so that it does not stand beside a progress bar. */
    static String clearLine() {
        return draws() ? "\r\u001b[K" : "";
    }

    /** Whether lines on standard error can be drawn over. */
    static boolean draws() {
        return onError() && !"dumb".equals(System.getenv("TERM"));
    }

    /** Java only tells of standard input and output together; Linux tells of each file descriptor. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (!Files.isSymbolicLink(link))
            return Optional.ofNullable(System.console())
                    .filter(java.io.Console::isTerminal)
                    .isPresent();
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException closed) {
            return false;
        }
    }
}
