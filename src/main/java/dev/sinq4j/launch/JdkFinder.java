package dev.sinq4j.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds a JDK this program runs on: 25.0.3 or a later 25 (earlier ones can corrupt arrays pinned by native code, JDK-8377811). */
final class JdkFinder {

    private static final int FEATURE = 25;
    private static final int UPDATE = 3;
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?.*\"");
    private static final Pattern TOOLCHAIN_HOME = Pattern.compile("<jdkHome>\\s*([^<]+?)\\s*</jdkHome>");

    private JdkFinder() {}

    /** The first suitable home: environment, Maven's own JDK, toolchains.xml, the usual folders. */
    static Optional<Path> find() {
        return candidates().stream().filter(JdkFinder::isSuitable).findFirst();
    }

    private static List<Path> candidates() {
        List<Path> homes = new ArrayList<>();
        for (String variable : List.of("JAVA25_HOME", "JAVA_HOME_25_X64", "JAVA_HOME", "JDK_HOME"))
            if (System.getenv(variable) != null) homes.add(Path.of(System.getenv(variable)));
        homes.add(Path.of(System.getProperty("java.home")));
        Path user = Path.of(System.getProperty("user.home"));
        homes.addAll(toolchainHomes(user.resolve(".m2/toolchains.xml")));
        for (String folder : List.of(
                "/usr/lib/jvm",
                "/usr/java",
                "/opt/java",
                "/opt/jdk",
                "/opt",
                "/Library/Java/JavaVirtualMachines",
                user + "/.sdkman/candidates/java",
                user + "/.jdks",
                user + "/.asdf/installs/java",
                user + "/.local/share/mise/installs/java")) addChildren(Path.of(folder), homes);
        return homes;
    }

    private static void addChildren(Path folder, List<Path> homes) {
        if (!Files.isDirectory(folder)) return;
        try (Stream<Path> children = Files.list(folder)) {
            children.sorted().forEach(child -> {
                homes.add(child);
                homes.add(child.resolve("Contents/Home"));
            });
        } catch (IOException unreadable) {
            // a folder we may not list holds no JDK for us
        }
    }

    private static List<Path> toolchainHomes(Path toolchains) {
        List<Path> homes = new ArrayList<>();
        if (!Files.isRegularFile(toolchains)) return homes;
        try {
            Matcher home = TOOLCHAIN_HOME.matcher(Files.readString(toolchains));
            while (home.find()) homes.add(Path.of(home.group(1)));
        } catch (IOException unreadable) {
            // the other places remain
        }
        return homes;
    }

    private static boolean isSuitable(Path home) {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/java"))) return false;
        try {
            Matcher version = VERSION.matcher(Files.readString(release));
            return version.find() && number(version.group(1)) == FEATURE && number(version.group(3)) >= UPDATE;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
