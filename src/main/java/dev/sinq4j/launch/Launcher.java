package dev.sinq4j.launch;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts the program on a JDK 25, whichever JDK Maven runs on. Loaded by Maven's own JVM, hence compiled for Java 17. The
 * child inherits standard input, output and error; its exit status becomes Maven's.
 *
 * <p>System properties: {@code exp} the configuration to run; {@code app.main} another main class; {@code app.options}
 * options of the JVM that it needs; {@code jvm.args}, like the environment variable {@code SINQ4J_JAVA_OPTS}, the user's own.
 * Options are separated by blanks. The environment variable {@code SINQ4J_CLASSPATH} adds to the class path.
 */
public final class Launcher {

    private static final int NO_JDK = 3;
    private static final long GRACE_SECONDS = 20;

    private Launcher() {}

    public static void main(String[] args) throws Exception {
        JdkFinder finder = JdkFinder.ofThisMachine();
        Optional<Path> jdk = finder.find();
        if (jdk.isEmpty()) {
            System.err.println(advice(finder.tooOld()));
            System.exit(NO_JDK);
        }
        int status = run(command(jdk.get(), args));
        // System.exit is the only way past Maven with a status of our own and without a stack trace
        if (status != 0) System.exit(status);
    }

    /** What to say where no JDK is found. */
    static String advice(Optional<Path> tooOld) {
        return "sinq4j needs a JDK 25.0.3 or a later 25; this Maven runs on " + System.getProperty("java.version")
                + ", "
                + System.getProperty("java.home") + ".\n"
                + tooOld.map(home -> home + " is too old: 25.0.0 to 25.0.2 can corrupt arrays that native code holds"
                                + " (JDK-8377811).\n")
                        .orElse("")
                + "Install one (apt install temurin-25-jdk, sdk install java 25-tem, or from adoptium.net), or point"
                + " JAVA25_HOME at one.";
    }

    private static List<String> command(Path jdk, String[] args) throws URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(jdk.resolve("bin/java").toString());
        command.add("@" + options());
        command.addAll(words(System.getProperty("app.options")));
        command.addAll(words(System.getenv("SINQ4J_JAVA_OPTS")));
        command.addAll(words(System.getProperty("jvm.args")));
        command.add("-cp");
        command.add(withExtensions(ClassPathFile.classPath(), System.getenv("SINQ4J_CLASSPATH")));
        command.add(System.getProperty("app.main", "dev.sinq4j.cli.Main"));
        String configuration = System.getProperty("exp", "");
        if (args.length == 0 && !configuration.isBlank()) command.addAll(List.of("run", configuration));
        command.addAll(List.of(args));
        return command;
    }

    /** The class path and what the user adds to it, jars with methods. */
    static String withExtensions(String classPath, @Nullable String extensions) {
        return extensions == null || extensions.isBlank() ? classPath : classPath + File.pathSeparator + extensions;
    }

    /** The file of the JVM's options, beside this class. */
    private static Path options() throws URISyntaxException {
        URL file = Objects.requireNonNull(Launcher.class.getResource("jvm.options"), "jvm.options is not compiled in");
        return Path.of(file.toURI());
    }

    static List<String> words(@Nullable String text) {
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.asList(text.trim().split("\\s+"));
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(command).inheritIO().start();
        // Ctrl-C reaches the child by itself, being in the same process group; a plain kill of Maven does not
        Thread stop = new Thread(() -> stop(child), "stop-child");
        Runtime.getRuntime().addShutdownHook(stop);
        int status = child.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException shuttingDown) {
            return 0; // the JVM is going down already, with its own status
        }
        return status;
    }

    private static void stop(Process child) {
        try {
            if (!child.waitFor(200, TimeUnit.MILLISECONDS)) child.destroy();
            if (!child.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) child.destroyForcibly();
        } catch (InterruptedException e) {
            child.destroyForcibly();
        }
    }
}
