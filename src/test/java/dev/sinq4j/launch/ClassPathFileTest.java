package dev.sinq4j.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathFileTest {

    @TempDir
    Path folder;

    @Test
    void holdsTheLibrariesAndNotOurOwnClasses() throws IOException {
        Path file = folder.resolve("sinq4j.classpath");
        ClassPathFile.write(file, String.join(File.pathSeparator, "/p/target/classes", "/m2/a.jar", "/m2/b.jar"));
        assertEquals("/m2/a.jar" + File.pathSeparator + "/m2/b.jar\n", Files.readString(file));
    }
}
