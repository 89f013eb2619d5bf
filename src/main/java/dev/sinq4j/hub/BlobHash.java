package dev.sinq4j.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The hash that names a blob: SHA-256 of the bytes (large files), or git's SHA-1 of {@code "blob " size NUL bytes} (small ones).
 */
record BlobHash(String name, MessageDigest digest) {

    /** The hash to feed with the file's bytes; empty if the name is neither kind, so that nothing can be verified by it. */
    static Optional<BlobHash> of(RemoteFile file) {
        if (file.etag().matches("[0-9a-f]{64}")) return Optional.of(new BlobHash("SHA-256", Sha256.digest("SHA-256")));
        if (!file.etag().matches("[0-9a-f]{40}")) return Optional.empty();
        MessageDigest git = Sha256.digest("SHA-1");
        git.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
        return Optional.of(new BlobHash("git SHA-1", git));
    }
}
