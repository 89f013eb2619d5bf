package dev.sinq4j.hub.transfer;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.transfer.RetryPolicy.Transient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Brings one blob into the cache: into {@code ETAG.incomplete}, going on where an earlier run (ours or
 * {@code huggingface_hub}'s) stopped, then verifies it and gives it its name. The caller holds the blob's lock.
 */
public final class BlobDownload implements RetryPolicy.Attempt<Path> {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");
    private static final int BUFFER_BYTES = 1 << 18;

    private final AuthorizedHttp http;
    private final URI uri;
    private final Blob blob;
    private final Path incomplete;
    private final Duration stallLimit;
    private final LongConsumer progress;
    private final Refusals refusals;

    /** Entity tag of the bytes so far, as their server calls it; unknown for bytes of an earlier run. */
    private @Nullable String serverTag;

    private boolean isFresh;
    private long before;
    private long after;

    /** Explains an answer that is neither the file nor a passing trouble. */
    @FunctionalInterface
    public interface Refusals {
        RuntimeException explain(HttpResponse<?> answer);
    }

    /**
     * @param uri        where the bytes are
     * @param stallLimit a connection without a byte for so long counts as broken
     * @param progress   hears how many bytes of the blob are on the disk
     */
    public BlobDownload(
            AuthorizedHttp http, URI uri, Blob blob, Duration stallLimit, LongConsumer progress, Refusals refusals) {
        this.http = http;
        this.uri = uri;
        this.blob = blob;
        this.incomplete = blob.incomplete();
        this.stallLimit = stallLimit;
        this.progress = progress;
        this.refusals = refusals;
    }

    @Override
    public boolean progressed() {
        return after > before;
    }

    @Override
    public Path run() throws IOException, InterruptedException {
        Files.createDirectories(blob.path().getParent());
        before = length(incomplete);
        if (before > blob.size()) startOver();
        before = length(incomplete);
        if (before == 0) isFresh = true;
        try {
            if (before < blob.size() || blob.size() == 0) receive(before);
        } finally {
            after = length(incomplete);
        }
        if (after < blob.size())
            throw new IOException("the connection ended after " + after + " of " + blob.size() + " bytes");
        verify();
        Files.move(incomplete, blob.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return blob.path();
    }

    private void receive(long from) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = http.get(uri, headers(from));
        try (InputStream body = answer.body()) {
            switch (answer.statusCode()) {
                case 200 -> {
                    requireLength(
                            answer.headers().firstValueAsLong("Content-Length").orElse(blob.size()));
                    append(answer, body, 0);
                }
                case 206 -> append(answer, body, requireRange(answer, from));
                case 416 -> {
                    startOver();
                    throw new IOException("the server does not have the bytes after " + from);
                }
                default -> throw refusals.explain(answer);
            }
        }
    }

    private Map<String, String> headers(long from) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept-Encoding", "identity");
        if (from > 0) headers.put("Range", "bytes=" + from + "-");
        if (from > 0 && serverTag != null) headers.put("If-Range", serverTag);
        return headers;
    }

    private void append(HttpResponse<?> answer, InputStream body, long from) throws IOException {
        if (from == 0) isFresh = true;
        serverTag = answer.headers()
                .firstValue("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .orElse(null);
        try (StallGuard guard = new StallGuard(body, stallLimit);
                FileChannel out = FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(from);
            out.position(from);
            copy(guard, body, out);
        }
    }

    private void copy(StallGuard guard, InputStream body, FileChannel out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            guard.alive();
            write(ByteBuffer.wrap(buffer, 0, read), out);
            if (out.position() > blob.size()) throw tooLong();
            progress.accept(out.position());
        }
        guard.requireAlive();
    }

    private void write(ByteBuffer bytes, FileChannel out) throws FileSystemException {
        try {
            while (bytes.hasRemaining()) out.write(bytes);
        } catch (IOException e) {
            // a full disk, not a broken connection
            throw withCause(new FileSystemException(incomplete.toString(), null, e.getMessage()), e);
        }
    }

    private static FileSystemException withCause(FileSystemException failure, IOException cause) {
        failure.initCause(cause);
        return failure;
    }

    private UnavailableFailure tooLong() throws IOException {
        startOver();
        return new UnavailableFailure("file '" + blob.label() + "': the server sends more than the " + blob.size()
                + " bytes the hub announces; try again, and without HF_ENDPOINT if it names a mirror");
    }

    private void requireLength(long length) throws IOException {
        if (length != blob.size())
            throw new IOException("the server offers " + length + " bytes, the hub announces " + blob.size());
    }

    private long requireRange(HttpResponse<?> answer, long from) throws IOException {
        String range = answer.headers().firstValue("Content-Range").orElse("");
        Matcher matcher = CONTENT_RANGE.matcher(range);
        boolean isRight = matcher.matches() && Long.parseLong(matcher.group(1)) == from;
        if (!isRight) {
            startOver();
            throw new IOException("asked for the bytes from " + from + ", the server sends '" + range + "'");
        }
        if (!matcher.group(2).equals("*")) requireLength(Long.parseLong(matcher.group(2)));
        return from;
    }

    /** Bytes of an earlier run may be of another file; those of this run are the server's own. */
    private void verify() throws IOException {
        Optional<BlobHash> hash = BlobHash.of(blob);
        if (hash.isEmpty()) return;
        String found = hash.get().of(incomplete);
        if (found.equals(blob.etag())) return;
        boolean mayHelp = !isFresh;
        startOver();
        if (mayHelp) throw new Transient("the bytes of an earlier run do not fit", Optional.of(Duration.ZERO));
        throw new UnavailableFailure(
                "file '" + blob.label() + "' has " + hash.get().name() + " " + found + ", expected " + blob.etag()
                        + "; the download was deleted: try again, and without HF_ENDPOINT if it names a mirror");
    }

    private void startOver() throws IOException {
        Files.deleteIfExists(incomplete);
        serverTag = null;
        progress.accept(0);
    }

    private static long length(Path path) throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }
}
