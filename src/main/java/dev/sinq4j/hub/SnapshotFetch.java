package dev.sinq4j.hub;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.transfer.AuthorizedHttp;
import dev.sinq4j.hub.transfer.Blob;
import dev.sinq4j.hub.transfer.BlobDownload;
import dev.sinq4j.hub.transfer.CacheLock;
import dev.sinq4j.hub.transfer.ParallelTasks;
import dev.sinq4j.hub.transfer.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Fetches files of one commit that the cache lacks, several at a time. */
final class SnapshotFetch {

    private final HubSettings settings;
    private final AuthorizedHttp http;
    private final HubApi api;
    private final RetryPolicy retries;
    private final FetchProgress progress;
    private final HubReference commit;
    private final SnapshotWriter snapshot;

    private final Map<String, Long> bytesOfFile = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    SnapshotFetch(
            HubSettings settings,
            AuthorizedHttp http,
            HubApi api,
            RetryPolicy retries,
            FetchProgress progress,
            RepoId repo,
            String commit) {
        this.settings = settings;
        this.http = http;
        this.api = api;
        this.retries = retries;
        this.progress = progress;
        this.commit = new HubReference(repo, commit);
        this.snapshot = new SnapshotWriter(settings.cache(), repo);
    }

    /** The snapshot's folder, with all the files in it. */
    Path run(List<RemoteFile> files) throws IOException, InterruptedException {
        requireSpace(files);
        RepoId repo = commit.repo();
        progress.begin(
                repo,
                commit.revision(),
                files.size(),
                files.stream().mapToLong(RemoteFile::size).sum());
        try {
            ParallelTasks.map(files, file -> {
                fetch(file);
                return file;
            });
        } finally {
            progress.end();
        }
        return settings.cache().snapshot(repo, commit.revision());
    }

    private void fetch(RemoteFile file) throws IOException, InterruptedException {
        if (!snapshot.has(file)) {
            Path lock = settings.cache().lock(commit.repo(), file.etag());
            try (CacheLock _ = CacheLock.acquire(lock, progress::note)) {
                if (!isComplete(blob(file))) download(file);
                snapshot.link(file);
            }
        }
        advance(file, file.size());
        progress.finished(file.path());
    }

    private void download(RemoteFile file) throws IOException, InterruptedException {
        BlobDownload download = new BlobDownload(
                http,
                api.fileUri(commit.repo(), file.commit(), file.path()),
                blob(file),
                retries.silence(),
                done -> advance(file, done),
                answer -> api.refusal(answer, commit, file.path()));
        retries.run(file.path(), progress::note, download);
    }

    private void advance(RemoteFile file, long done) {
        Long before = bytesOfFile.put(file.path(), done);
        progress.advanced(bytes.addAndGet(done - (before == null ? 0 : before)));
    }

    /** How many bytes of the files are not on this machine yet. */
    long missingBytes(List<RemoteFile> files) throws IOException {
        long missing = 0;
        for (RemoteFile file : files)
            if (!snapshot.has(file) && !isComplete(blob(file))) missing += file.size() - started(file);
        return missing;
    }

    /** Before the first byte, so that nobody waits an hour for a full disk. */
    private void requireSpace(List<RemoteFile> files) throws IOException {
        long needed = missingBytes(files);
        Path root = settings.cache().root();
        Files.createDirectories(root);
        long free = Files.getFileStore(root).getUsableSpace();
        if (needed > free)
            throw new UnavailableFailure("%s needs %s in %s, where %s are free: free space or set HF_HUB_CACHE"
                    .formatted(commit.repo(), gigabytes(needed), root, gigabytes(free)));
    }

    private long started(RemoteFile file) throws IOException {
        Path incomplete = blob(file).incomplete();
        return Files.exists(incomplete) ? Math.min(Files.size(incomplete), file.size()) : 0;
    }

    private Blob blob(RemoteFile file) {
        Path path = settings.cache().blob(commit.repo(), file.etag());
        return new Blob(file.path(), file.etag(), file.size(), path);
    }

    private static boolean isComplete(Blob blob) throws IOException {
        return Files.isRegularFile(blob.path()) && Files.size(blob.path()) == blob.size();
    }

    private static String gigabytes(long bytes) {
        return Math.round(bytes / 1e7) / 100.0 + " GB";
    }
}
