package dev.sinq4j.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The program's version, as the build wrote it down. */
public final class ProgramVersion {

    private ProgramVersion() {}

    /** Such as {@code 0.1.0-SNAPSHOT}. */
    public static String text() {
        Properties build = new Properties();
        try (InputStream stream = ProgramVersion.class.getResourceAsStream("/sinq4j-build.properties")) {
            if (stream == null) return "unknown";
            build.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build.getProperty("version", "unknown");
    }
}
