package dev.sinq4j.hub.transfer;

import java.nio.file.Path;

/**
 * Bytes to be brought into a file that is named by their hash.
 *
 * @param label as messages name it
 * @param etag  SHA-256 of the bytes, or git's SHA-1 of them; something else cannot be verified
 * @param size  bytes
 * @param path  where they are when complete and verified; until then {@code ETAG.incomplete} stands beside it
 */
public record Blob(String label, String etag, long size, Path path) {

    /** Where bytes gather until all are there; {@code huggingface_hub} uses the same name and goes on with what it finds. */
    public Path incomplete() {
        return path.resolveSibling(etag + ".incomplete");
    }
}
