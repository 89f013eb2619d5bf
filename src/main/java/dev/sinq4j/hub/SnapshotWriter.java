package dev.sinq4j.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Puts names on blobs: the links of a snapshot, and refs. */
final class SnapshotWriter {

    private final HubCache cache;
    private final RepoId repo;

    SnapshotWriter(HubCache cache, RepoId repo) {
        this.cache = cache;
        this.repo = repo;
    }

    /** Whether the snapshot has the file already. */
    boolean has(RemoteFile file) {
        return Files.isRegularFile(place(file));
    }

    /** Links the file's blob into its snapshot, relatively, so that the cache can be moved; copies it where links fail. */
    void link(RemoteFile file) throws IOException {
        Path place = place(file);
        Path blob = cache.blob(repo, file.etag());
        Files.createDirectories(place.getParent());
        Files.deleteIfExists(place); // a link to nowhere, or a copy cut short
        try {
            Files.createSymbolicLink(place, place.getParent().relativize(blob));
        } catch (FileAlreadyExistsException madeMeanwhile) {
            // by another process, which links the same blob
        } catch (IOException | UnsupportedOperationException noLinksHere) {
            copy(blob, place);
        }
    }

    /** Remembers which commit a branch or tag stands for. */
    void setRef(String revision, String commit) throws IOException {
        if (revision.equals(commit)) return;
        Path ref = cache.ref(repo, revision);
        Files.createDirectories(ref.getParent());
        Path fresh = Files.createTempFile(ref.getParent(), ".ref", "");
        Files.writeString(fresh, commit);
        Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(Path blob, Path place) throws IOException {
        Path fresh = Files.createTempFile(place.getParent(), ".copy", "");
        try {
            Files.copy(blob, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private Path place(RemoteFile file) {
        return cache.snapshot(repo, file.commit()).resolve(file.path());
    }
}
