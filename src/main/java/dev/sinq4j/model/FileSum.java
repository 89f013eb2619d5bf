package dev.sinq4j.model;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FileHashes;
import java.io.IOException;
import java.nio.file.Path;

/** SHA-256 of a model's files, remembered between runs as {@link FileHashes} does. */
public final class FileSum {

    private FileSum() {}

    /** Hexadecimal, lower case. */
    public static String sha256(Path file) {
        try {
            return FileHashes.ofProgram().sha256(file);
        } catch (IOException e) {
            throw new UnavailableFailure(file + ": cannot be read: " + e, e);
        }
    }
}
