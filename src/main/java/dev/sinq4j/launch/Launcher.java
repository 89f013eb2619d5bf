package dev.sinq4j.launch;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts the program on a JDK 25, whichever JDK Maven runs on. Loaded by Maven's own JVM, hence compiled for Java 17. The
 * child inherits standard input, output and error; its exit status becomes Maven's.
 *
 * <p>System properties: {@code exp} the configuration to run; {@code app.main} another main class; {@code jvm.args} further
 * options for the child, separated by blanks.
 */
public final class Launcher {

    private static final int NO_JDK = 3;
    private static final long GRACE_SECONDS = 20;

    private Launcher() {}

    public static void main(String[] args) throws Exception {
        Optional<Path> jdk = JdkFinder.find();
        if (jdk.isEmpty()) {
            System.err.println(
                    "sinq4j needs a JDK 25.0.3 or newer (Maven runs on " + System.getProperty("java.version") + ", "
                            + System.getProperty("java.home")
                            + "). Install one, for example with apt install temurin-25-jdk, or point"
                            + " JAVA25_HOME at one.");
            System.exit(NO_JDK);
        }
        int status = run(command(jdk.get(), args));
        // System.exit is the only way past Maven with a status of our own and without a stack trace
        if (status != 0) System.exit(status);
    }

    private static List<String> command(Path jdk, String[] args) throws URISyntaxException {
        List<String> command = new ArrayList<>(List.of(
                jdk.resolve("bin/java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED",
                "--add-exports=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED",
                "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
                "--add-exports=jdk.compiler/com.sun.tools.javac.parser=ALL-UNNAMED",
                "--add-exports=jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED",
                "--add-exports=jdk.compiler/com.sun.tools.javac.util=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Dai.djl.offline=true",
                "-XX:+UseParallelGC",
                "-XX:MaxRAMPercentage=40"));
        String extra = System.getProperty("jvm.args", "").trim();
        if (!extra.isEmpty()) command.addAll(List.of(extra.split("\\s+")));
        command.add("-cp");
        command.add(classPath());
        command.add(System.getProperty("app.main", "dev.sinq4j.cli.Main"));
        String configuration = System.getProperty("exp", "");
        if (args.length == 0 && !configuration.isBlank()) command.addAll(List.of("run", configuration));
        command.addAll(List.of(args));
        return command;
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

    /** The class path Maven gave this class. */
    private static String classPath() throws URISyntaxException {
        if (!(Launcher.class.getClassLoader() instanceof URLClassLoader loader))
            return System.getProperty("java.class.path");
        List<String> entries = new ArrayList<>();
        for (URL url : loader.getURLs()) entries.add(Path.of(url.toURI()).toString());
        return String.join(File.pathSeparator, entries);
    }
}
