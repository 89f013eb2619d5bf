package dev.sinq4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The program's version, as the build wrote it down. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"sinq4j " + text() + " (Java " + Runtime.version() + ")"};
    }

    /** Such as {@code 0.1.0-SNAPSHOT}. */
    static String text() {
        Properties build = new Properties();
        try (InputStream stream = Version.class.getResourceAsStream("/sinq4j-build.properties")) {
            if (stream == null) return "unknown";
            build.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build.getProperty("version", "unknown");
    }
}
