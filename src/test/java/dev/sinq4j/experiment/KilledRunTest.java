package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Quantization;
import dev.sinq4j.results.ResultsStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes: killed in the middle, and watched for sockets. */
class KilledRunTest {

    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    @TempDir
    Path cache;

    @Test
    void aRunKilledInTheMiddleGoesOnWithTheSameFigures() throws Exception {
        Path config = config();
        Path killed = folder.resolve("killed");
        Process run = start(config, killed);
        waitForLines(run, killed.resolve("results.jsonl"), 2);
        run.destroyForcibly().waitFor();
        List<String> survivors = Files.readAllLines(killed.resolve("results.jsonl"));
        assertEquals(0, finish(start(config, killed)));
        assertEquals(0, finish(start(config, folder.resolve("whole"))));
        List<String> lines = Files.readAllLines(killed.resolve("results.jsonl"));
        // a line that was being written is moved aside; every whole one stays where it is
        assertEquals(survivors.subList(0, 2), lines.subList(0, 2));
        assertEquals(figures(folder.resolve("whole")), figures(killed));
    }

    @Test
    void aRunKilledBeforeItsFirstCellIsDoneFindsTheLayersItQuantized() throws Exception {
        Path config = Files.writeString(
                folder.resolve("small.yaml"),
                Quickstart.HEAD.replace("windows: 2", "windows: 60")
                        + "methods: [{method: sinq, bits: 4}]\nreport: {figures: [], page: false}\n");
        Path out = folder.resolve("killed");
        Process run = start(config, out);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && run.isAlive() && cachedLayers() == 0) Thread.sleep(1);
        run.destroyForcibly().waitFor();
        assertEquals(0, ResultsStore.read(out).cells().size());
        int kept = cachedLayers();
        assertTrue(kept > 0, "nothing was kept");
        assertEquals(0, finish(start(config, out)));
        Quantization quantization =
                ResultsStore.read(out).cells().getFirst().metrics().quantization();
        assertEquals(kept, quantization.cachedLayers());
        assertEquals(
                kept,
                quantization.perLayer().stream()
                        .filter(layer -> layer.cached() != null)
                        .count());
    }

    private int cachedLayers() throws IOException {
        if (!Files.isDirectory(cache.resolve("layers"))) return 0;
        try (Stream<Path> files = Files.walk(cache.resolve("layers"))) {
            return (int) files.filter(file -> file.toString().endsWith(".safetensors"))
                    .count();
        } catch (UncheckedIOException goneMeanwhile) {
            return 0;
        }
    }

    @Test
    void aRunOpensNoSocket() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc to look at open files");
        AtomicInteger requests = new AtomicInteger();
        HttpServer hub = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        hub.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        hub.start();
        try {
            Process run = start(
                    config(),
                    folder.resolve("out"),
                    "http://localhost:" + hub.getAddress().getPort());
            Set<String> sockets = new TreeSet<>();
            while (run.isAlive()) sockets.addAll(networkSockets(run.pid()));
            assertEquals(0, run.waitFor());
            assertEquals(Set.of(), sockets);
            assertEquals(0, requests.get());
        } finally {
            hub.stop(0);
        }
    }

    private Path config() throws IOException {
        return Files.writeString(
                folder.resolve("small.yaml"),
                Quickstart.HEAD
                        + "methods: [{method: none}, {method: rtn, bits: [4, 3, 2]}, {method: sinq, bits: [4, 3, 2]}]\n"
                        + "report: {figures: [], page: false}\n");
    }

    private Process start(Path config, Path out) throws IOException {
        return start(config, out, "http://localhost:9");
    }

    private Process start(Path config, Path out, String endpoint) throws IOException {
        ProcessBuilder builder = RunProcess.of(config, out, cache);
        // free to ask, so that asking is seen
        builder.environment().remove("HF_HUB_OFFLINE");
        builder.environment().put("HF_ENDPOINT", endpoint);
        return builder.start();
    }

    private static void waitForLines(Process run, Path results, int lines) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && run.isAlive()) {
            if (Files.exists(results)) {
                try (Stream<String> found = Files.lines(results)) {
                    if (found.count() >= lines) return;
                }
            }
            Thread.sleep(5);
        }
        assertTrue(run.isAlive(), "the run ended before it could be killed");
    }

    private static int finish(Process run) throws InterruptedException {
        assertTrue(run.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
        return run.exitValue();
    }

    private static Map<String, List<Double>> figures(Path results) {
        Map<String, List<Double>> figures = new TreeMap<>();
        for (CellResult cell : ResultsStore.read(results).cells())
            figures.put(cell.cell(), cell.metrics().perplexity().get("stories").windowNll());
        assertEquals(7, figures.size());
        return figures;
    }

    /** Inodes of a process's open sockets of the internet families; the JDK itself keeps a pair of local ones. */
    private static Set<String> networkSockets(long pid) {
        Set<String> open = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                Matcher socket =
                        SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
                if (socket.matches()) open.add(socket.group(1));
            }
            if (!open.isEmpty()) open.retainAll(internetInodes(pid));
            return open;
        } catch (IOException endedOrClosedMeanwhile) {
            return Set.of();
        }
    }

    private static Set<String> internetInodes(long pid) throws IOException {
        Set<String> inodes = new TreeSet<>();
        for (String family : List.of("tcp", "tcp6", "udp", "udp6", "raw", "raw6"))
            try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/net/" + family))) {
                lines.skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .filter(fields -> fields.length > 9)
                        .forEach(fields -> inodes.add(fields[9]));
            }
        return inodes;
    }
}
