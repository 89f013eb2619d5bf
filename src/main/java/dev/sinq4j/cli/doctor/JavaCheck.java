package dev.sinq4j.cli.doctor;

import java.lang.management.ManagementFactory;
import java.util.Map;

/** The Java this program runs on. */
final class JavaCheck {

    private static final int FEATURE = 25;
    private static final int UPDATE = 3;

    private JavaCheck() {}

    static Finding look() {
        return judge(
                Runtime.version(),
                System.getProperty("java.vm.vendor") + ", " + System.getProperty("java.home"),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(collector -> collector.getName())
                        .toList()
                        .toString());
    }

    static Finding judge(Runtime.Version version, String origin, String collectors) {
        Map<String, Object> facts = Map.of("version", version.toString(), "collectors", collectors);
        String text = version + " (" + origin + ")";
        if (version.feature() != FEATURE)
            return Finding.limited("Java", text, "sinq4j is made for Java 25; install a JDK 25.0.3 or newer", facts);
        if (version.update() < UPDATE)
            return Finding.missing(
                    "Java",
                    text,
                    "JDK 25.0.0 to 25.0.2 can corrupt arrays that native code holds (JDK-8377811); install 25.0.3 or"
                            + " newer",
                    facts);
        return Finding.ok("Java", text, facts);
    }
}
