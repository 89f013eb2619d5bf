package dev.sinq4j.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * One kernel file, compiled by g++ for the CPU. Kept under {@code target/cuda-on-cpu} by the hash of everything it is made
 * of, so that it is compiled once.
 */
final class EmulatedLibrary {

    private static final Path MAIN = Path.of("src/main/cuda");
    private static final Path TEST = Path.of("src/test/cuda");
    private static final Path BUILT = Path.of("target/cuda-on-cpu");

    private static final List<String> COMMAND = List.of(
            "g++",
            "-std=c++17",
            "-DSINQ4J_ON_CPU",
            "-I" + MAIN,
            "-I" + TEST,
            "-O1",
            "-g0",
            "-fno-strict-aliasing",
            "-ffp-contract=off",
            "-fvisibility=hidden",
            "-Wall",
            "-Wno-unknown-pragmas",
            "-Wno-unused-function",
            "-shared",
            "-fPIC");

    private static final Map<String, SymbolLookup> LOADED = new HashMap<>();

    private EmulatedLibrary() {}

    /** The library of {@code file.cu}; without g++ the calling test is skipped and says so. */
    static synchronized SymbolLookup load(String file) {
        return LOADED.computeIfAbsent(file, name -> SymbolLookup.libraryLookup(built(name), Arena.global()));
    }

    /** Skips the calling test, and says so, where there is no g++. */
    static void assumeCompiler() {
        Assumptions.assumeTrue(Compiler.THERE, "g++ is not there: the kernels cannot be run on the CPU");
    }

    private static final class Compiler {
        static final boolean THERE = answers();

        private static boolean answers() {
            try {
                return run(List.of("g++", "--version")).isEmpty();
            } catch (IOException e) {
                return false;
            }
        }
    }

    private static Path built(String file) {
        assumeCompiler();
        Path source =
                Files.exists(MAIN.resolve(file + ".cu")) ? MAIN.resolve(file + ".cu") : TEST.resolve(file + ".cu");
        try {
            Path library = BUILT.resolve(file + "-" + hash(source) + ".so");
            if (!Files.exists(library)) compile(source, library);
            return library;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compile(Path source, Path library) throws IOException {
        Files.createDirectories(BUILT);
        Path unfinished = Files.createTempFile(BUILT, "unfinished", ".so");
        List<String> command = new ArrayList<>(COMMAND);
        command.addAll(List.of("-x", "c++", source.toString(), "-o", unfinished.toString()));
        String errors = run(command);
        if (!errors.isEmpty()) {
            Files.delete(unfinished);
            throw new AssertionError(source + " does not compile for the CPU:\n" + errors);
        }
        Files.move(unfinished, library, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What a command complains of: nothing if it succeeds. */
    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            return status == 0 && errors.isEmpty() ? "" : errors + "exit status " + status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String hash(Path source) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(COMMAND.toString().getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(source));
            for (Path header : headers()) digest.update(Files.readAllBytes(header));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> headers() throws IOException {
        List<Path> headers = new ArrayList<>();
        for (Path folder : List.of(MAIN, TEST))
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".cuh")
                                || file.toString().endsWith(".h"))
                        .sorted()
                        .forEach(headers::add);
            }
        return headers;
    }
}
