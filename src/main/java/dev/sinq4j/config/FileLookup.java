package dev.sinq4j.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds files that a configuration names: relative paths count from the working directory first, then from the
 * configuration's folder.
 *
 * @param folder of the configuration
 */
record FileLookup(Path folder) {

    /** A path that works from the working directory. */
    Optional<String> find(String written) {
        Path path = Path.of(written);
        if (Files.exists(path)) return Optional.of(written);
        Path beside = folder.resolve(path).normalize();
        return Files.exists(beside) ? Optional.of(beside.toString()) : Optional.empty();
    }

    /** The same for a file, where a folder would not do. */
    Optional<String> findFile(String written) {
        return find(written).filter(path -> Files.isRegularFile(Path.of(path)));
    }

    /** Says where was looked in vain. */
    String missing(String written) {
        Path beside = folder.resolve(Path.of(written)).normalize();
        if (Path.of(written).isAbsolute() || beside.equals(Path.of(written).normalize()))
            return "'" + written + "' does not exist";
        return "'" + written + "' does not exist, neither from the working directory nor beside the configuration ("
                + beside + ")";
    }
}
