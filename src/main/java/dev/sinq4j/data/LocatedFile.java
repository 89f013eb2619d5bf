package dev.sinq4j.data;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.hub.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of a dataset that is on this machine and is the one that was pinned.
 *
 * @param sha256 of its bytes
 */
record LocatedFile(Path path, String sha256) {

    /**
     * @param name  of the dataset, for messages
     * @param files where files of the hub come from
     * @throws UnavailableFailure if the file is missing or is not the pinned one
     */
    static LocatedFile of(String name, CorpusSource source, FileSource files) {
        return switch (source) {
            case CorpusSource.Local(Path path) -> verified(name, path, null);
            case CorpusSource.OnHub hub ->
                verified(name, files.file(hub.repo(), hub.revision(), hub.file(), name), hub.sha256());
        };
    }

    private static LocatedFile verified(String name, Path path, @Nullable String expected) {
        if (!Files.isRegularFile(path))
            throw new UnavailableFailure("dataset '" + name + "': there is no file " + path);
        String found = sha256(name, path);
        Path real = real(path);
        String pinned = expected == null ? nameIfHash(real) : expected;
        if (pinned != null && !pinned.equals(found))
            throw new UnavailableFailure("dataset '" + name + "': " + real + " has SHA-256 " + found + ", expected "
                    + pinned + "; delete it and run ./sinq4j fetch " + name);
        return new LocatedFile(path, found);
    }

    /** Behind the links of the hub's cache: that is the file to delete. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException deletedMeanwhile) {
            return path;
        }
    }

    /** The hub names large files by their SHA-256. */
    private static @Nullable String nameIfHash(Path file) {
        String name = file.getFileName().toString();
        return name.matches("[0-9a-f]{64}") ? name : null;
    }

    private static String sha256(String name, Path path) {
        try {
            return Sha256.of(path);
        } catch (IOException e) {
            throw new UnavailableFailure("dataset '" + name + "': " + path + " cannot be read: " + e.getMessage(), e);
        }
    }
}
