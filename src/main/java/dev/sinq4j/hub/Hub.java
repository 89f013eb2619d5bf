package dev.sinq4j.hub;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.transfer.AuthorizedHttp;
import dev.sinq4j.hub.transfer.ParallelTasks;
import dev.sinq4j.hub.transfer.RetryPolicy;
import dev.sinq4j.hub.transfer.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The hub: what is in the cache is taken from there without a look at the network; what is not is fetched into it.
 *
 * <p>Every failure is an {@link UnavailableFailure} that says what to do. The token goes to the hub's own host only.
 */
public final class Hub implements FileSource, AutoCloseable {

    private final HubSettings settings;
    private final FetchProgress progress;
    private final RetryPolicy retries;
    private final AuthorizedHttp http;
    private final HubApi api;

    public Hub(HubSettings settings, FetchProgress progress) {
        this(settings, progress, RetryPolicy.DEFAULT);
    }

    Hub(HubSettings settings, FetchProgress progress, RetryPolicy retries) {
        this.settings = settings;
        this.progress = new SerialProgress(progress);
        this.retries = retries;
        this.http = new AuthorizedHttp(settings.endpoint(), settings.token().map(HubSettings.AccessToken::secret));
        this.api = new HubApi(settings, http);
    }

    public HubCache cache() {
        return settings.cache();
    }

    /** A model's folder: from the cache if it is complete there, else fetched. */
    public Path model(HubReference reference) {
        Optional<Path> cached = cache().find(reference.repo(), reference.revision());
        if (cached.isPresent() && SnapshotFiles.missing(cached.get()).isEmpty()) return cached.get();
        Path folder = fetch(reference, FileFilter.model());
        List<String> missing = SnapshotFiles.missing(folder);
        if (missing.isEmpty()) return folder;
        throw new UnavailableFailure(
                reference.repo() + " (revision " + reference.revision() + ") has no " + String.join(", ", missing)
                        + " on the hub: this program reads weights in safetensors and needs them there");
    }

    /** One file: from the cache if it is there, else fetched. */
    @Override
    public Path file(RepoId repo, String revision, String path, String fetchArgument) {
        HubReference reference = new HubReference(repo, revision);
        Optional<Path> cached = cache().findFile(repo, revision, path);
        if (cached.isPresent()) return cached.get();
        return online(reference, fetchArgument, () -> {
            RemoteFile file = retries.run(path, progress::note, () -> api.describe(reference, path));
            return fetch(reference, file.commit(), List.of(file)).resolve(path);
        });
    }

    /**
     * Asks the hub for a revision's files and fetches those that are not in the cache.
     *
     * @return the snapshot's folder
     */
    public Path fetch(HubReference reference, FileFilter filter) {
        return online(reference, fetchArgument(reference), () -> {
            List<RemoteFile> files = describe(reference, filter);
            return fetch(reference, files.getFirst().commit(), files);
        });
    }

    /** Asks the hub how many bytes {@link #fetch} would bring. */
    public long bytesToFetch(HubReference reference, FileFilter filter) {
        return online(
                reference,
                fetchArgument(reference),
                () -> new SnapshotFetch(settings, http, api, retries, progress, reference.repo(), reference.revision())
                        .missingBytes(describe(reference, filter)));
    }

    /** The text of a page anywhere, for sources that are not on the hub. */
    public String text(URI uri) {
        if (settings.offline().isPresent())
            throw new UnavailableFailure(
                    uri + " cannot be fetched: " + settings.offline().get() + " is set");
        try {
            return retries.run(uri.toString(), progress::note, () -> download(uri));
        } catch (IOException e) {
            throw new UnavailableFailure(uri + " cannot be fetched: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableFailure("fetching " + uri + " was interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private String download(URI uri) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = http.get(uri, Map.of());
        try (InputStream body = answer.body()) {
            if (answer.statusCode() == 200) return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            throw new UnavailableFailure(
                    uri + " cannot be fetched: the server answers with status " + answer.statusCode());
        }
    }

    /** The wanted files of a revision, at least one. */
    private List<RemoteFile> describe(HubReference reference, FileFilter filter)
            throws IOException, InterruptedException {
        HubApi.Listing listing = retries.run(reference.repo().toString(), progress::note, () -> api.list(reference));
        List<String> wanted =
                listing.files().stream().filter(filter::accepts).sorted().toList();
        if (wanted.isEmpty())
            throw new UnavailableFailure(reference.repo() + " (revision " + reference.revision()
                    + ") has none of the files asked for; it has " + some(listing.files()));
        HubReference pinned = new HubReference(reference.repo(), listing.commit());
        return ParallelTasks.map(wanted, path -> retries.run(path, progress::note, () -> api.describe(pinned, path)));
    }

    private Path fetch(HubReference reference, String commit, List<RemoteFile> files)
            throws IOException, InterruptedException {
        SnapshotFetch fetch = new SnapshotFetch(settings, http, api, retries, progress, reference.repo(), commit);
        Path folder = fetch.run(files);
        new SnapshotWriter(cache(), reference.repo()).setRef(reference.revision(), commit);
        return folder;
    }

    /** Something that needs the network. */
    @FunctionalInterface
    private interface Online<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T online(HubReference reference, String fetchArgument, Online<T> action) {
        if (settings.offline().isPresent())
            throw absent(reference, fetchArgument, settings.offline().get() + " is set");
        try {
            return action.run();
        } catch (Unreachable e) {
            throw absent(reference, fetchArgument, e.getMessage());
        } catch (FileSystemException e) {
            throw new UnavailableFailure(
                    "the cache " + cache().root() + " cannot be written: " + e.getMessage() + " ("
                            + e.getClass().getSimpleName() + "); free space, mend its rights or set HF_HUB_CACHE",
                    e);
        } catch (IOException e) {
            throw new UnavailableFailure(
                    reference.repo() + " (revision " + reference.revision() + ") could not be fetched: " + reason(e)
                            + "; run the same command again, it goes on where it stopped",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableFailure(
                    "fetching " + reference.repo() + " was interrupted; run the same command again, it goes on where it"
                            + " stopped",
                    e);
        }
    }

    private UnavailableFailure absent(HubReference reference, String fetchArgument, String why) {
        return new UnavailableFailure(reference.repo() + " (revision " + reference.revision() + ") is not in the cache "
                + cache().root() + " and the hub cannot be reached (" + why + "): run ./sinq4j fetch " + fetchArgument
                + " on a machine with a network, or set HF_HUB_CACHE");
    }

    private static String fetchArgument(HubReference reference) {
        String name = reference.repo().name();
        return reference.revision().equals(HubReference.MAIN) ? name : name + "@" + reference.revision();
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String some(List<String> files) {
        int shown = Math.min(files.size(), 8);
        return String.join(", ", files.subList(0, shown))
                + (shown < files.size() ? " and " + (files.size() - shown) + " more" : "");
    }
}
