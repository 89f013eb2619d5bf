package dev.sinq4j.cuda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The manifest that {@code src/main/cuda/build.sh} writes beside the binaries, held against the sources.
 *
 * @param sources  folder of the {@code .cu} files
 * @param binaries folder of the {@code .fatbin} files and {@code manifest.json}
 */
record KernelManifest(Path sources, Path binaries) {

    private static final String AGAIN = "; run src/main/cuda/build.sh (nvcc 13.0) and commit what it writes";
    private static final String ARCHITECTURES = "80 86 89 90 100 120";
    private static final Pattern INCLUDE = Pattern.compile("(?m)^ *# *include *\"([^\"]+)\"");

    /** Names of the modules that should be there, one a {@code .cu} file. */
    List<String> modules() throws IOException {
        return names(sources, ".cu");
    }

    /** What is not as it should be with a module; empty if its binary is that of its sources. */
    List<String> problems(String module) throws IOException {
        JsonNode entry = new ObjectMapper()
                .readTree(Files.readString(binaries.resolve("manifest.json")))
                .path("modules")
                .path(module);
        if (entry.isMissingNode()) return List.of(module + ".cu has no binary" + AGAIN);
        List<String> problems = new ArrayList<>();
        Path binary = binaries.resolve(module + ".fatbin");
        if (!Files.exists(binary) || !hash(binary).equals(entry.path("binary").asText()))
            problems.add(module + ".fatbin is not the one that the manifest names" + AGAIN);
        if (!entry.path("architectures").asText().equals(ARCHITECTURES))
            problems.add(module + ".fatbin is for " + entry.path("architectures") + ", not " + ARCHITECTURES + AGAIN);
        for (String source : included(module + ".cu")) {
            String compiled = entry.path("sources").path(source).asText("");
            if (!compiled.equals(hash(sources.resolve(source))))
                problems.add(source + " has changed since " + module + ".fatbin was compiled" + AGAIN);
        }
        return problems;
    }

    /** Binaries without a source. */
    List<String> orphans() throws IOException {
        List<String> orphans = new ArrayList<>(names(binaries, ".fatbin"));
        orphans.removeAll(modules());
        return orphans;
    }

    /** A source and what it includes of its folder, headers of headers too. */
    private Set<String> included(String source) throws IOException {
        Set<String> found = new TreeSet<>();
        List<String> open = new ArrayList<>(List.of(source));
        while (!open.isEmpty()) {
            String next = open.removeLast();
            if (!Files.exists(sources.resolve(next)) || !found.add(next)) continue;
            Matcher matcher = INCLUDE.matcher(Files.readString(sources.resolve(next)));
            while (matcher.find()) open.add(matcher.group(1));
        }
        return found;
    }

    private static List<String> names(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .map(name -> name.substring(0, name.length() - suffix.length()))
                    .sorted()
                    .toList();
        }
    }

    private static String hash(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }
}
