package dev.sinq4j.hub.transfer;

import dev.sinq4j.hub.transfer.RetryPolicy.Transient;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Requests that follow redirects and show an access token to one host alone. */
public final class AuthorizedHttp implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final int MOST_REDIRECTS = 10;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int REQUEST_TIMEOUT = 408;

    private final URI home;
    private final Optional<String> token;
    private @Nullable HttpClient
            client; // made when first needed: it takes a tenth of a second, and most models are here already
    private volatile boolean reached;

    /**
     * @param home  an address on the host that may see the token
     * @param token never gets into a message
     */
    public AuthorizedHttp(URI home, Optional<String> token) {
        this.home = home;
        this.token = token;
    }

    private synchronized HttpClient client() {
        if (client == null)
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1) // a connection a file, so that one does not hold up another
                    .connectTimeout(CONNECT_TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(new EnvironmentProxies(System.getenv()))
                    .build();
        return client;
    }

    /**
     * Asks for a body, wherever redirects lead.
     *
     * @return an answer with status 200, 206 or 4xx; the caller closes its body
     * @throws Transient   if the server asks for patience or fails
     * @throws Unreachable if no connection can be made
     */
    public HttpResponse<InputStream> get(URI uri, Map<String, String> headers)
            throws IOException, InterruptedException {
        URI target = uri;
        for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> answer =
                    send(request(target, headers).GET().build());
            if (!isRedirect(answer)) return settled(answer);
            answer.body().close();
            target = redirectTarget(target, answer);
        }
        throw new IOException("more than " + MOST_REDIRECTS + " redirects from " + uri.getHost());
    }

    /**
     * Asks for the headers alone. Redirects are followed only within the host: beyond it stands the storage, which knows nothing
     * of hashes and commits.
     *
     * @return an answer with status 2xx, 3xx or 4xx
     */
    public HttpResponse<InputStream> head(URI uri) throws IOException, InterruptedException {
        URI target = uri;
        for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
            HttpRequest request = request(target, Map.of("Accept-Encoding", "identity"))
                    .HEAD()
                    .build();
            HttpResponse<InputStream> answer = send(request);
            answer.body().close();
            if (!isRedirect(answer)) return settled(answer);
            URI next = redirectTarget(target, answer);
            if (!isSameHost(target, next)) return answer;
            target = next;
        }
        throw new IOException("more than " + MOST_REDIRECTS + " redirects from " + uri.getHost());
    }

    @Override
    public synchronized void close() {
        if (client == null) return;
        client.shutdownNow();
        client.close();
    }

    private HttpRequest.Builder request(URI target, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(ANSWER_TIMEOUT)
                .header("User-Agent", "sinq4j; java/" + Runtime.version().feature());
        headers.forEach(request::header);
        if (isSameHost(home, target)) token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            HttpResponse<InputStream> answer = client().send(request, BodyHandlers.ofInputStream());
            reached = true;
            return answer;
        } catch (SSLHandshakeException e) {
            throw new Unreachable(
                    "no secure connection to " + request.uri().getAuthority() + ": " + e.getMessage()
                            + "; where a proxy reads along, its certificate has to be in the JDK's trust store",
                    e);
        } catch (ConnectException | HttpConnectTimeoutException e) {
            String trouble = trouble(e) + request.uri().getAuthority();
            if (reached) throw new IOException(trouble, e);
            throw new Unreachable(trouble, e);
        }
    }

    private static String trouble(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof UnresolvedAddressException) return "unknown host ";
        return "no connection to ";
    }

    private static HttpResponse<InputStream> settled(HttpResponse<InputStream> answer) throws IOException {
        int status = answer.statusCode();
        if (status != TOO_MANY_REQUESTS && status != REQUEST_TIMEOUT && status < 500) return answer;
        answer.body().close();
        throw new Transient(answer.uri().getAuthority() + " answers with status " + status, retryAfter(answer));
    }

    /** Seconds, or a date. */
    private static Optional<Duration> retryAfter(HttpResponse<?> answer) {
        return answer.headers().firstValue("Retry-After").flatMap(value -> {
            try {
                if (value.matches("\\d{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
                Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
                Duration wait = Duration.between(Instant.now(), date);
                return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
            } catch (DateTimeException unreadable) {
                return Optional.empty();
            }
        });
    }

    private static boolean isRedirect(HttpResponse<?> answer) {
        return switch (answer.statusCode()) {
            case 301, 302, 303, 307, 308 ->
                answer.headers().firstValue("Location").isPresent();
            default -> false;
        };
    }

    private static URI redirectTarget(URI from, HttpResponse<?> answer) throws IOException {
        String location = answer.headers().firstValue("Location").orElseThrow();
        try {
            URI target = from.resolve(location);
            boolean isDowngrade = "https".equals(from.getScheme()) && !"https".equals(target.getScheme());
            if (target.getHost() == null || isDowngrade)
                throw new IOException(from.getHost() + " redirects to an address that is not safe to follow");
            return target;
        } catch (IllegalArgumentException e) {
            throw new IOException(from.getHost() + " redirects to an address that cannot be read", e);
        }
    }

    private static boolean isSameHost(URI one, URI other) {
        return one.getScheme().equals(other.getScheme()) && one.getAuthority().equals(other.getAuthority());
    }
}
