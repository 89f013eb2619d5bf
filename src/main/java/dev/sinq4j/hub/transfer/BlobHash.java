package dev.sinq4j.hub.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The hash that names a blob: SHA-256 of the bytes (large files), or git's SHA-1 of {@code "blob " size NUL bytes} (small ones).
 *
 * @param name   as messages name it
 * @param digest has seen nothing of the file yet
 */
record BlobHash(String name, MessageDigest digest) {

    private static final int BUFFER_BYTES = 1 << 20;

    /** Empty if the blob's name is neither kind, so that nothing can be verified by it. */
    static Optional<BlobHash> of(Blob blob) {
        if (blob.etag().matches("[0-9a-f]{64}")) return Optional.of(new BlobHash("SHA-256", digest("SHA-256")));
        if (!blob.etag().matches("[0-9a-f]{40}")) return Optional.empty();
        MessageDigest git = digest("SHA-1");
        git.update(("blob " + blob.size() + "\0").getBytes(StandardCharsets.US_ASCII));
        return Optional.of(new BlobHash("git SHA-1", git));
    }

    /** Lower-case hex digits. */
    String of(Path file) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(algorithm + " is part of every JDK", impossible);
        }
    }
}
