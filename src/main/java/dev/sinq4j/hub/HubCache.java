package dev.sinq4j.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cache that {@code huggingface_hub} keeps on disk, read only. It never opens a socket.
 *
 * <pre>
 *   models--organization--name/
 *     blobs/       files, named by their hash: SHA-256 of large files, git's SHA-1 of small ones
 *     refs/        branch or tag: a file that holds a commit
 *     snapshots/   commit: a folder of relative links into blobs
 * </pre>
 *
 * @param root the folder of all repositories, {@code HF_HUB_CACHE}
 */
public record HubCache(Path root) {

    /** The snapshot of a revision, complete or not; empty if there is none. */
    public Optional<Path> find(RepoId repo, String revision) {
        Optional<Path> snapshot = commit(repo, revision).map(commit -> snapshot(repo, commit));
        return snapshot.filter(Files::isDirectory);
    }

    /** A file of a revision; empty if it is not in the cache. */
    public Optional<Path> findFile(RepoId repo, String revision, String file) {
        return find(repo, revision)
                .map(snapshot -> snapshot.resolve(file).normalize())
                .filter(Files::isRegularFile);
    }

    /** The commit a revision stood for when it was last fetched; a commit stands for itself. */
    public Optional<String> commit(RepoId repo, String revision) {
        if (HubReference.isCommit(revision)) return Optional.of(revision);
        Path ref = ref(repo, revision);
        if (!Files.isRegularFile(ref)) return Optional.empty();
        try {
            return Optional.of(Files.readString(ref).strip()).filter(HubReference::isCommit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder(RepoId repo) {
        return root.resolve(repo.folder());
    }

    Path blob(RepoId repo, String etag) {
        return folder(repo).resolve("blobs").resolve(etag);
    }

    Path ref(RepoId repo, String revision) {
        return folder(repo).resolve("refs").resolve(revision);
    }

    Path snapshot(RepoId repo, String commit) {
        return folder(repo).resolve("snapshots").resolve(commit);
    }

    Path lock(RepoId repo, String etag) {
        return root.resolve(".locks").resolve(repo.folder()).resolve(etag + ".lock");
    }
}
