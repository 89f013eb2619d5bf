package dev.sinq4j.hub;

import java.nio.file.Path;

/** Where a file of the hub comes from: the cache alone, or the cache and then the network. */
@FunctionalInterface
public interface FileSource {

    /**
     * @param file          path inside the repository
     * @param fetchArgument what to tell {@code ./sinq4j fetch}, for the message if it cannot be had
     * @return the file on this machine
     * @throws dev.sinq4j.failure.UnavailableFailure if it cannot be had, saying how to get it
     */
    Path file(RepoId repo, String revision, String file, String fetchArgument);
}
