package dev.sinq4j.cli.doctor;

import dev.sinq4j.hub.HubSettings;
import dev.sinq4j.hub.ProgramCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where models and datasets are kept, and how much room is left there. */
final class CacheCheck {

    private static final long COMFORTABLE = 20_000_000_000L;

    private CacheCheck() {}

    static Finding look() {
        HubSettings settings = HubSettings.fromEnvironment();
        Path cache = settings.cache().root();
        try {
            return judge(
                    cache,
                    ProgramCache.folder(),
                    Files.getFileStore(existing(cache)).getUsableSpace(),
                    repositories(cache),
                    settings.token().isPresent(),
                    settings.offline().orElse(null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Finding judge(
            Path cache, Path program, long free, long repositories, boolean token, @Nullable String offline) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("huggingface_cache", cache.toString());
        facts.put("program_cache", program.toString());
        facts.put("free_bytes", free);
        facts.put("repositories", repositories);
        facts.put("token", token);
        facts.put("offline", offline != null);
        String text = String.format(
                Locale.ROOT,
                "%s: %d %s, %.1f GB free; %s; %s; own cache %s",
                cache,
                repositories,
                repositories == 1 ? "repository" : "repositories",
                free / 1e9,
                token ? "a token is set" : "no token (only gated models need one)",
                offline == null ? "may download" : "offline by " + offline,
                program);
        if (free < COMFORTABLE)
            return Finding.limited(
                    "caches", text, "an 8B model takes 16 GB: make room, or point HF_HOME at a larger disk", facts);
        return Finding.ok("caches", text, facts);
    }

    /** The nearest folder above that is there. */
    private static Path existing(Path path) {
        for (Path folder = path.toAbsolutePath(); folder != null; folder = folder.getParent())
            if (Files.isDirectory(folder)) return folder;
        throw new IllegalStateException("no root above " + path);
    }

    private static long repositories(Path cache) throws IOException {
        if (!Files.isDirectory(cache)) return 0;
        try (Stream<Path> folders = Files.list(cache)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("models--") || name.startsWith("datasets--"))
                    .count();
        }
    }
}
