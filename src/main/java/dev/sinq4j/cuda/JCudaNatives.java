package dev.sinq4j.cuda;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.LogLevel;
import jcuda.driver.JCudaDriver;

/**
 * Loads JCuda's native library. JCuda unpacks it under a fixed name in {@code java.io.tmpdir} and takes whatever lies there
 * already, so that another user could slip in a library of his; hence a folder that only this process can write.
 */
final class JCudaNatives {

    private static final String TMPDIR = "java.io.tmpdir";

    private JCudaNatives() {}

    /** @throws LinkageError if the library or the driver below it is not there */
    static synchronized void load() {
        Path folder = privateFolder();
        String usual = System.getProperty(TMPDIR);
        System.setProperty(TMPDIR, folder.toString());
        try {
            JCudaDriver.setLogLevel(LogLevel.LOG_QUIET); // touches the class, which loads the library
        } finally {
            System.setProperty(TMPDIR, usual);
            forgetAtExit(folder);
        }
    }

    private static Path privateFolder() {
        try {
            return Files.createTempDirectory("sinq4j-jcuda-"); // readable and writable by its owner alone
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void forgetAtExit(Path folder) {
        folder.toFile().deleteOnExit(); // deleted last: the JVM goes backwards
        File[] unpacked = folder.toFile().listFiles();
        if (unpacked != null) for (File file : unpacked) file.deleteOnExit();
    }
}
