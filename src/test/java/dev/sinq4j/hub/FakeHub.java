package dev.sinq4j.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A hub of one repository on this machine, and a storage host beside it, to which large files are redirected. Its answers are the
 * real hub's as far as {@code huggingface_hub} reads them. Faults are set by path: each is used up by one GET of a file's bytes.
 */
final class FakeHub implements AutoCloseable {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final RepoId REPO = RepoId.model("org/name");
    private static final int LARGE = 1000;

    private final HttpServer hub = server();
    private final HttpServer storage = server();
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    /** Method, path, range and whether a token came along, of every request. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** Size in every description of a large file, instead of the true one. */
    volatile OptionalLong announced = OptionalLong.empty();

    volatile Optional<Refusal> refusal = Optional.empty();

    /** A status with the hub's error code. */
    record Refusal(int status, String code) {}

    /** What goes wrong with one answer. */
    sealed interface Fault {

        /** The connection ends after so many of the announced bytes. */
        record Drop(int after) implements Fault {}

        record Status(int status, String retryAfter) implements Fault {}

        /** Other bytes of the same length. */
        record WrongBytes() implements Fault {}

        /** Announces and sends more or fewer bytes than the file has. */
        record WrongLength(int length) implements Fault {}

        /** Sends the whole file with status 200 though a part was asked for. */
        record IgnoreRange() implements Fault {}

        /** Sends the right status but the bytes from elsewhere. */
        record WrongRange() implements Fault {}

        /** Sends so many bytes and falls silent until the test lets go. */
        record Stall(int after, CountDownLatch latch) implements Fault {}
    }

    private static HttpServer server() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    FakeHub() {
        hub.createContext("/", this::onHub);
        storage.createContext("/", this::onStorage);
        hub.start();
        storage.start();
    }

    FakeHub with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    FakeHub with(String path, String content) {
        return with(path, content.getBytes(StandardCharsets.UTF_8));
    }

    void fail(String path, Fault... inOrder) {
        faults.put(path, new ArrayDeque<>(List.of(inOrder)));
    }

    URI endpoint() {
        return URI.create("http://localhost:" + hub.getAddress().getPort());
    }

    HubSettings settings(Path cache) {
        return new HubSettings(
                new HubCache(cache),
                endpoint(),
                Optional.of(new HubSettings.AccessToken("hf_secret")),
                Optional.empty());
    }

    /** The name of a file's blob. */
    static String etag(byte[] content) {
        return content.length >= LARGE
                ? hash("SHA-256", content)
                : hash(
                        "SHA-1",
                        concatenated(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII), content));
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
    }

    private void onHub(HttpExchange exchange) throws IOException {
        record(exchange, "hub");
        String path = exchange.getRequestURI().getPath();
        if (refusal.isPresent()) {
            exchange.getResponseHeaders().set("X-Error-Code", refusal.get().code());
            send(exchange, refusal.get().status(), new byte[0]);
        } else if (path.startsWith("/api/")) {
            list(exchange);
        } else {
            resolve(exchange, path.replaceFirst("^/(datasets/)?org/name/resolve/[^/]+/", ""));
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        StringBuilder json = new StringBuilder("{\"id\":\"org/name\",\"sha\":\"" + COMMIT + "\",\"siblings\":[");
        json.append(String.join(
                ",",
                files.keySet().stream()
                        .map(f -> "{\"rfilename\":\"" + f + "\"}")
                        .toList()));
        send(exchange, 200, json.append("]}").toString().getBytes(StandardCharsets.UTF_8));
    }

    private void resolve(HttpExchange exchange, String path) throws IOException {
        byte[] content = files.get(path);
        if (content == null) {
            exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
            send(exchange, 404, new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        boolean isLarge = content.length >= LARGE;
        if (isLarge) {
            exchange.getResponseHeaders().set("X-Linked-ETag", '"' + etag(content) + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(announced.orElse(content.length)));
            exchange.getResponseHeaders()
                    .set("Location", "http://localhost:" + storage.getAddress().getPort() + "/" + path);
            send(exchange, 302, "elsewhere".getBytes(StandardCharsets.UTF_8));
        } else {
            exchange.getResponseHeaders().set("ETag", "W/\"" + etag(content) + '"');
            serve(exchange, path, content);
        }
    }

    private void onStorage(HttpExchange exchange) throws IOException {
        record(exchange, "storage");
        String path = exchange.getRequestURI().getPath().substring(1);
        exchange.getResponseHeaders().set("ETag", "\"storage-tag\"");
        serve(exchange, path, files.get(path));
    }

    private void serve(HttpExchange exchange, String path, byte[] content) throws IOException {
        Deque<Fault> planned = faults.get(path);
        Fault fault = planned == null || exchange.getRequestMethod().equals("HEAD") ? null : planned.poll();
        switch (fault) {
            case Fault.Status(int status, String retryAfter) -> {
                if (!retryAfter.isEmpty()) exchange.getResponseHeaders().set("Retry-After", retryAfter);
                send(exchange, status, new byte[0]);
            }
            case Fault.Drop(int after) -> {
                int from = start(exchange);
                if (from > 0) partial(exchange, content, from);
                exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
                exchange.getResponseBody().write(content, from, after);
                exchange.getResponseBody().flush();
                // the announced length is not reached: closing breaks the connection
                exchange.close();
            }
            case Fault.WrongBytes() -> send(exchange, 200, new byte[content.length]);
            case Fault.WrongLength(int length) -> send(exchange, 200, Arrays.copyOf(content, length));
            case Fault.IgnoreRange() -> send(exchange, 200, content);
            case Fault.WrongRange() -> {
                partial(exchange, content, 1);
                send(exchange, 206, Arrays.copyOfRange(content, 1, content.length));
            }
            case Fault.Stall(int after, CountDownLatch latch) -> {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content, 0, after);
                exchange.getResponseBody().flush();
                await(latch);
                exchange.close();
            }
            case null -> range(exchange, content);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void range(HttpExchange exchange, byte[] content) throws IOException {
        int from = start(exchange);
        if (from == 0) {
            send(exchange, 200, content);
        } else if (from >= content.length) {
            send(exchange, 416, new byte[0]);
        } else {
            partial(exchange, content, from);
            send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
        }
    }

    private static int start(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    private static void partial(HttpExchange exchange, byte[] content, int from) {
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void record(HttpExchange exchange, String server) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(server + " " + exchange.getRequestMethod() + " " + exchange.getRequestURI()
                + (range == null ? "" : " " + range)
                + (ifRange == null ? "" : " if " + ifRange)
                + (token == null ? "" : " with token"));
    }

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] concatenated(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
