package dev.sinq4j.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FakeHub.Fault;
import dev.sinq4j.hub.FakeHub.Refusal;
import dev.sinq4j.hub.transfer.RetryPolicy;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTest {

    private static final RetryPolicy QUICK = new RetryPolicy(
            4, Duration.ofMillis(2), Duration.ofMillis(10), Duration.ofSeconds(2), Duration.ofMillis(400));
    private static final HubReference MAIN = new HubReference(FakeHub.REPO, "main");
    private static final byte[] WEIGHTS = bytes(300_000);

    @TempDir
    private Path cache;

    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final FakeHub server = new FakeHub()
            .with("config.json", "{\"a\":1}")
            .with("model.safetensors", WEIGHTS)
            .with("onnx/model.onnx", "other")
            .with("empty.txt", "");

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void laysTheCacheOutAsTheHubsOwnLibraryDoes() throws IOException {
        Path folder = fetch(FileFilter.ALL);
        Path repo = cache.resolve("models--org--name");
        assertEquals(repo.resolve("snapshots/" + FakeHub.COMMIT), folder);
        assertEquals(FakeHub.COMMIT, Files.readString(repo.resolve("refs/main")));
        // git hash-object of the same bytes
        assertEquals(
                Path.of("../../blobs/daa5053ecf5f9a37b2de733d0751cc1ab53ac010"),
                Files.readSymbolicLink(folder.resolve("config.json")));
        assertEquals(
                Path.of("../../../blobs/" + FakeHub.etag("other".getBytes(StandardCharsets.UTF_8))),
                Files.readSymbolicLink(folder.resolve("onnx/model.onnx")));
        assertEquals(
                Path.of("../../blobs/" + Sha256.of(folder.resolve("model.safetensors"))),
                Files.readSymbolicLink(folder.resolve("model.safetensors")));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(folder.resolve("model.safetensors")));
        assertEquals(0, Files.size(folder.resolve("empty.txt")));
        assertEquals(List.of(), incompleteFiles());
        assertTrue(Files.isDirectory(cache.resolve(".locks/models--org--name")));
    }

    @Test
    void showsTheTokenToTheHubAndNotToTheStorage() {
        fetch(FileFilter.model());
        assertTrue(server.requests.contains(
                "hub GET /org/name/resolve/" + FakeHub.COMMIT + "/model.safetensors with token"));
        assertTrue(server.requests.contains("storage GET /model.safetensors"), server.requests.toString());
    }

    @Test
    void fetchesNothingTwice() {
        fetch(FileFilter.ALL);
        server.requests.clear();
        fetch(FileFilter.ALL);
        assertFalse(
                server.requests.stream().anyMatch(request -> request.contains("GET /org")), server.requests.toString());
    }

    @Test
    void goesOnWhereABrokenConnectionStopped() {
        server.fail("model.safetensors", new Fault.Drop(100_000), new Fault.Drop(50_000));
        assertWeightsArrive();
        assertTrue(
                server.requests.contains("storage GET /model.safetensors bytes=100000- if \"storage-tag\""),
                server.requests.toString());
        assertTrue(server.requests.contains("storage GET /model.safetensors bytes=150000- if \"storage-tag\""));
    }

    @Test
    void connectionsThatBreakAgainAndAgainAreNoMatterAsLongAsBytesCome() {
        Fault[] drops = new Fault[20];
        Arrays.fill(drops, new Fault.Drop(10_000));
        server.fail("model.safetensors", drops);
        assertWeightsArrive();
    }

    @Test
    void tellsHowManyBytesAreMissing() throws IOException {
        Files.createDirectories(cache.resolve("models--org--name/blobs"));
        Files.write(incomplete(WEIGHTS), Arrays.copyOf(WEIGHTS, 100_000));
        try (Hub hub = hub()) {
            assertEquals(200_012, hub.bytesToFetch(MAIN, FileFilter.ALL));
            hub.fetch(MAIN, FileFilter.patterns(List.of("config.json")));
            assertEquals(200_005, hub.bytesToFetch(MAIN, FileFilter.ALL));
            hub.fetch(MAIN, FileFilter.ALL);
            assertEquals(0, hub.bytesToFetch(MAIN, FileFilter.ALL));
        }
    }

    @Test
    void goesOnWhereAnEarlierRunStopped() throws IOException {
        Files.createDirectories(cache.resolve("models--org--name/blobs"));
        Files.write(incomplete(WEIGHTS), Arrays.copyOf(WEIGHTS, 123_456));
        assertWeightsArrive();
        assertTrue(server.requests.contains("storage GET /model.safetensors bytes=123456-"));
    }

    @Test
    void startsOverWhereTheBytesOfAnEarlierRunDoNotFit() throws IOException {
        Files.createDirectories(cache.resolve("models--org--name/blobs"));
        Files.write(incomplete(WEIGHTS), new byte[123_456]);
        assertWeightsArrive();
        assertTrue(server.requests.contains("storage GET /model.safetensors"));
    }

    @Test
    void startsOverWhereAnEarlierRunLeftTooMuch() throws IOException {
        Files.createDirectories(cache.resolve("models--org--name/blobs"));
        Files.write(incomplete(WEIGHTS), new byte[WEIGHTS.length + 1]);
        assertWeightsArrive();
    }

    @Test
    void doesNotWaitForEverOnASilentConnection() {
        CountDownLatch never = new CountDownLatch(1);
        server.fail("model.safetensors", new Fault.Stall(200_000, never));
        assertWeightsArrive();
        never.countDown();
        assertTrue(server.requests.contains("storage GET /model.safetensors bytes=200000- if \"storage-tag\""));
    }

    @Test
    void takesTheWholeFileFromAServerThatKnowsNoRanges() {
        server.fail("model.safetensors", new Fault.Drop(100_000), new Fault.IgnoreRange());
        assertWeightsArrive();
    }

    @Test
    void doesNotMixUpARangeItDidNotAskFor() {
        server.fail("model.safetensors", new Fault.Drop(100_000), new Fault.WrongRange());
        assertWeightsArrive();
    }

    @Test
    void waitsAsLongAsAServerAsksAndTriesAgainAfterItsErrors() {
        server.fail(
                "model.safetensors",
                new Fault.Status(429, "1"),
                new Fault.Status(500, ""),
                new Fault.Status(503, "not a time"));
        long start = System.nanoTime();
        assertWeightsArrive();
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() >= 1000);
        assertTrue(notes.getFirst().endsWith("answers with status 429; trying again in 1.0 s"), notes.toString());
    }

    @Test
    void givesUpOnAServerThatAsksForHours() {
        server.fail("model.safetensors", new Fault.Status(429, "7200"));
        assertFails(
                "model 'org/name' (revision main) could not be fetched: ",
                "answers with status 429; run the same command again, it goes on where it stopped");
    }

    @Test
    void givesUpAfterSomeTriesWithoutAByte() {
        Fault[] errors = new Fault[10];
        Arrays.fill(errors, new Fault.Status(502, ""));
        server.fail("model.safetensors", errors);
        assertFails("model 'org/name' (revision main) could not be fetched: ", "answers with status 502");
    }

    @Test
    void keepsNoBytesWithAWrongHash() throws IOException {
        server.fail("model.safetensors", new Fault.WrongBytes());
        assertFails("file 'model.safetensors' has SHA-256 ", "expected " + FakeHub.etag(WEIGHTS));
        assertEquals(List.of(), incompleteFiles());
        assertFalse(Files.exists(cache.resolve("models--org--name/blobs/" + FakeHub.etag(WEIGHTS))));
    }

    @Test
    void checksSmallFilesByGitsHash() {
        server.fail("config.json", new Fault.WrongBytes());
        assertFails("file 'config.json' has git SHA-1 ", "expected daa5053ecf5f9a37b2de733d0751cc1ab53ac010");
    }

    @Test
    void doesNotBelieveALengthOtherThanTheHubs() {
        Fault[] lies = new Fault[10];
        Arrays.fill(lies, new Fault.WrongLength(299_999));
        server.fail("model.safetensors", lies);
        assertFails("", "the server offers 299999 bytes, the hub announces 300000");
        Arrays.fill(lies, new Fault.WrongLength(300_001));
        server.fail("model.safetensors", lies);
        assertFails("", "the server offers 300001 bytes, the hub announces 300000");
    }

    @Test
    void explainsAGatedModel() {
        server.refusal = Optional.of(new Refusal(403, "GatedRepo"));
        assertFails(
                "model 'org/name' is gated: accept its licence at " + server.endpoint()
                        + "/org/name, then make sure that" + " HF_TOKEN is a valid token of the account that did so",
                "");
    }

    @Test
    void explainsAModelThatIsNotThere() {
        server.refusal = Optional.of(new Refusal(401, "RepoNotFound"));
        assertFails("there is no model 'org/name' on " + server.endpoint() + ", or it is private or gated", "");
    }

    @Test
    void explainsARevisionThatIsNotThere() {
        server.refusal = Optional.of(new Refusal(404, "RevisionNotFound"));
        assertFails("model 'org/name' has no revision 'main' on ", "");
    }

    @Test
    void explainsAFileThatIsNotThere() {
        try (Hub hub = hub()) {
            UnavailableFailure failure = assertThrows(
                    UnavailableFailure.class, () -> hub.file(FakeHub.REPO, "main", "absent.txt", "org/name"));
            assertTrue(
                    failure.getMessage().startsWith("model 'org/name' (revision main) has no file 'absent.txt'"),
                    failure.getMessage());
        }
    }

    @Test
    void fetchesOneFileOfADatasetAndFindsItAgainWithoutANetwork() throws IOException {
        RepoId dataset = RepoId.dataset("org/name");
        try (Hub hub = hub()) {
            Path file = hub.file(dataset, "main", "config.json", "mine");
            assertEquals("{\"a\":1}", Files.readString(file));
            assertTrue(file.startsWith(cache.resolve("datasets--org--name/snapshots/" + FakeHub.COMMIT)));
            assertTrue(server.requests.contains("hub HEAD /datasets/org/name/resolve/main/config.json with token"));
            server.requests.clear();
            assertEquals(file, hub.file(dataset, "main", "config.json", "mine"));
            assertEquals(file, hub.file(dataset, FakeHub.COMMIT, "config.json", "mine"));
            assertEquals(List.of(), server.requests);
        }
    }

    @Test
    void takesACompleteModelFromTheCacheWithoutAskingTheHub() {
        try (Hub hub = hub()) {
            Path folder = hub.model(MAIN);
            server.requests.clear();
            assertEquals(folder, hub.model(MAIN));
            assertEquals(List.of(), server.requests);
        }
    }

    @Test
    void twoFetchesAtOnceGetTheBytesOnce() {
        CompletableFuture<Path> one = CompletableFuture.supplyAsync(() -> fetch(FileFilter.model()));
        CompletableFuture<Path> other = CompletableFuture.supplyAsync(() -> fetch(FileFilter.model()));
        assertEquals(one.join(), other.join());
        assertEquals(
                1,
                server.requests.stream()
                        .filter(request -> request.startsWith("storage GET /model.safetensors"))
                        .count());
    }

    @Test
    void refusesPathsThatClimbOutOfTheCache() {
        server.with("../evil.json", "x");
        assertFails("the hub lists a file '../evil.json', whose path is not safe to write", "");
    }

    @Test
    void saysBeforeTheFirstByteThatTheDiskIsTooSmall() {
        server.announced = OptionalLong.of(4_000_000_000_000_000L);
        assertFails(
                "model 'org/name' needs 4000000.0 GB in " + cache + ", where ",
                " are free: free space or set HF_HUB_CACHE");
        assertFalse(
                server.requests.stream().anyMatch(request -> request.contains("GET /org")), server.requests.toString());
    }

    @Test
    void saysThatTheCacheCannotBeWritten() throws IOException {
        Path file = Files.writeString(cache.resolve("file"), "in the way");
        try (Hub hub = new Hub(server.settings(file), FetchProgress.NONE, QUICK)) {
            UnavailableFailure failure = assertThrows(UnavailableFailure.class, () -> hub.fetch(MAIN, FileFilter.ALL));
            assertEquals(
                    "the cache " + file + " cannot be written: " + file
                            + " (FileAlreadyExistsException); free space, mend its rights or set HF_HUB_CACHE",
                    failure.getMessage());
        }
    }

    @Test
    void opensNoSocketWhenToldToStayOffline() {
        HubSettings online = server.settings(cache);
        HubSettings offline =
                new HubSettings(online.cache(), online.endpoint(), online.token(), Optional.of("HF_HUB_OFFLINE"));
        try (Hub hub = new Hub(offline, FetchProgress.NONE, QUICK)) {
            UnavailableFailure failure = assertThrows(UnavailableFailure.class, () -> hub.model(MAIN));
            assertEquals(
                    "model 'org/name' (revision main) is not in the cache " + cache + " and the hub cannot be reached"
                            + " (HF_HUB_OFFLINE is set): run"
                            + " ./sinq4j fetch org/name on a"
                            + " machine with a network, or set"
                            + " HF_HUB_CACHE",
                    failure.getMessage());
        }
        assertEquals(List.of(), server.requests);
    }

    @Test
    void saysAtOnceThatTheHubCannotBeReached() throws IOException {
        int freePort;
        try (ServerSocket socket = new ServerSocket(0)) {
            freePort = socket.getLocalPort();
        }
        HubSettings nowhere = new HubSettings(
                new HubCache(cache), URI.create("http://localhost:" + freePort), Optional.empty(), Optional.empty());
        try (Hub hub = new Hub(nowhere, FetchProgress.NONE, RetryPolicy.DEFAULT)) {
            UnavailableFailure failure =
                    assertThrows(UnavailableFailure.class, () -> hub.model(new HubReference(FakeHub.REPO, "v1")));
            assertEquals(
                    "model 'org/name' (revision v1) is not in the cache " + cache + " and the hub cannot be reached (no"
                            + " connection to localhost:" + freePort
                            + "): run ./sinq4j fetch org/name@v1 on a machine with"
                            + " a network, or set HF_HUB_CACHE",
                    failure.getMessage());
            assertEquals(3, failure.exitStatus());
        }
    }

    @Test
    void reportsOneProgressOverAllFiles() {
        List<Long> done = new ArrayList<>();
        List<String> events = new ArrayList<>();
        FetchProgress listener = new FetchProgress() {
            @Override
            public void begin(RepoId repo, String commit, int files, long bytes) {
                events.add("begin " + files + " files " + bytes + " bytes");
            }

            @Override
            public void advanced(long bytes) {
                done.add(bytes);
            }

            @Override
            public void end() {
                events.add("end");
            }
        };
        try (Hub hub = new Hub(server.settings(cache), listener, QUICK)) {
            hub.fetch(MAIN, FileFilter.ALL);
        }
        assertEquals(List.of("begin 4 files 300012 bytes", "end"), events);
        assertEquals(300_012L, done.getLast());
    }

    @Test
    void getsThePageOfAnotherSite() {
        server.with("page.txt", "text of a page");
        try (Hub hub = hub()) {
            assertEquals("text of a page", hub.text(URI.create(server.endpoint() + "/org/name/resolve/main/page.txt")));
        }
    }

    private void assertWeightsArrive() {
        Path folder = fetch(FileFilter.model());
        try {
            assertArrayEquals(WEIGHTS, Files.readAllBytes(folder.resolve("model.safetensors")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertFails(String start, String part) {
        UnavailableFailure failure = assertThrows(UnavailableFailure.class, () -> fetch(FileFilter.ALL));
        assertTrue(failure.getMessage().startsWith(start), failure.getMessage());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
        assertFalse(failure.getMessage().contains("hf_secret"), failure.getMessage());
    }

    private Path fetch(FileFilter filter) {
        try (Hub hub = hub()) {
            return hub.fetch(MAIN, filter);
        }
    }

    private Hub hub() {
        FetchProgress listener = new FetchProgress() {
            @Override
            public void note(String message) {
                notes.add(message);
            }
        };
        return new Hub(server.settings(cache), listener, QUICK);
    }

    private Path incomplete(byte[] content) {
        return cache.resolve("models--org--name/blobs/" + FakeHub.etag(content) + ".incomplete");
    }

    private List<String> incompleteFiles() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".incomplete"))
                    .toList();
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(11).nextBytes(bytes);
        return bytes;
    }
}
