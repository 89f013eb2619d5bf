package dev.sinq4j.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a JDK this program runs on: 25.0.3 or a later 25 (earlier ones can corrupt arrays pinned by native code,
 * JDK-8377811). The script {@code sinq4j} looks in the same places in the same order.
 *
 * @param environment variables that may name a JDK
 * @param running     the JDK of this JVM
 * @param userHome    where toolchains.xml and users' own JDKs are
 * @param folders     that hold JDKs
 */
record JdkFinder(Map<String, String> environment, Path running, Path userHome, List<Path> folders) {

    private static final int FEATURE = 25;
    private static final int UPDATE = 3;
    private static final List<String> VARIABLES = List.of("JAVA25_HOME", "JAVA_HOME_25_X64", "JAVA_HOME", "JDK_HOME");
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?.*\"");
    private static final Pattern TOOLCHAIN_HOME = Pattern.compile("<jdkHome>\\s*([^<]+?)\\s*</jdkHome>");

    /** A finder for the usual places. */
    static JdkFinder ofThisMachine() {
        Path user = Path.of(System.getProperty("user.home"));
        return new JdkFinder(
                System.getenv(),
                Path.of(System.getProperty("java.home")),
                user,
                List.of(
                        Path.of("/usr/lib/jvm"),
                        Path.of("/usr/java"),
                        Path.of("/opt/java"),
                        Path.of("/opt/jdk"),
                        Path.of("/opt"),
                        Path.of("/Library/Java/JavaVirtualMachines"),
                        user.resolve(".sdkman/candidates/java"),
                        user.resolve(".jdks"),
                        user.resolve(".asdf/installs/java"),
                        user.resolve(".local/share/mise/installs/java")));
    }

    /** The first suitable home: environment, Maven's own JDK, toolchains.xml, the usual folders. */
    Optional<Path> find() {
        return candidates().stream()
                .filter(home -> {
                    Version version = version(home);
                    return version != null && version.isSuitable();
                })
                .findFirst();
    }

    /** The first JDK 25 that is too old to be safe. */
    Optional<Path> tooOld() {
        return candidates().stream()
                .filter(home -> {
                    Version version = version(home);
                    return version != null && version.feature == FEATURE && !version.isSuitable();
                })
                .findFirst();
    }

    private List<Path> candidates() {
        List<Path> homes = new ArrayList<>();
        for (String variable : VARIABLES) addPath(environment.get(variable), homes);
        homes.add(running);
        addToolchains(userHome.resolve(".m2/toolchains.xml"), homes);
        for (Path folder : folders) addChildren(folder, homes);
        return homes;
    }

    private static void addPath(@Nullable String home, List<Path> homes) {
        if (home == null || home.isBlank()) return;
        try {
            homes.add(Path.of(home));
        } catch (InvalidPathException noPath) {
            // a variable that names no path names no JDK
        }
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

    private static void addToolchains(Path toolchains, List<Path> homes) {
        if (!Files.isRegularFile(toolchains)) return;
        try {
            Matcher home = TOOLCHAIN_HOME.matcher(Files.readString(toolchains));
            while (home.find()) addPath(home.group(1), homes);
        } catch (IOException unreadable) {
            // the other places remain
        }
    }

    /** Of a JDK, by its release file; null if there is none. */
    private static @Nullable Version version(Path home) {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/java"))) return null;
        try {
            Matcher version = VERSION.matcher(Files.readString(release));
            return version.find() ? new Version(number(version.group(1)), number(version.group(3))) : null;
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** Feature and update of {@code 25.0.3}: 25 and 3. */
    private record Version(int feature, int update) {
        boolean isSuitable() {
            return feature == FEATURE && update >= UPDATE;
        }
    }
}
