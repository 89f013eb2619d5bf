package dev.sinq4j.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Where the golden files, models and texts are: the directory in the system property {@code sinq4j.shared}. */
public final class Shared {

    private static final Path ROOT = Path.of(System.getProperty("sinq4j.shared", "../shared"));

    private Shared() {}

    /** A file or folder below the root; where it is absent, the calling test is skipped and says so. */
    public static Path path(String relative) {
        Path path = ROOT.resolve(relative);
        Assumptions.assumeTrue(
                Files.exists(path), () -> path + " is not there: set -Dsinq4j.shared=DIR to run this test");
        return path;
    }

    /** Whether a file or folder below the root is there, for tests that choose their cases. */
    public static boolean has(String relative) {
        return Files.exists(ROOT.resolve(relative));
    }
}
