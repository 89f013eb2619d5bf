package dev.sinq4j.launch;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the class path down for the script {@code sinq4j}, as the last step of its build: {@code target/sinq4j.classpath}. */
public final class ClassPathFile {

    private ClassPathFile() {}

    /** @param arguments the file to write */
    public static void main(String[] arguments) throws IOException, URISyntaxException {
        write(Path.of(arguments[0]), classPath());
    }

    /** The libraries alone: where our own classes are, the script knows, even after the folder has moved. */
    static void write(Path file, String classPath) throws IOException {
        String libraries = Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.writeString(partial, libraries + "\n");
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The class path that Maven gave this class. */
    static String classPath() throws URISyntaxException {
        if (!(ClassPathFile.class.getClassLoader() instanceof URLClassLoader))
            return System.getProperty("java.class.path");
        List<String> entries = new ArrayList<>();
        for (URL url : ((URLClassLoader) ClassPathFile.class.getClassLoader()).getURLs())
            entries.add(Path.of(url.toURI()).toString());
        return String.join(File.pathSeparator, entries);
    }
}
