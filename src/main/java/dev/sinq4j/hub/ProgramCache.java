package dev.sinq4j.hub;

import java.nio.file.Path;
import java.util.Map;

/** The folder of what this program keeps between runs: {@code ${XDG_CACHE_HOME:-~/.cache}/sinq4j}. */
public final class ProgramCache {

    private ProgramCache() {}

    public static Path folder() {
        return folder(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static Path folder(Map<String, String> environment, Path userHome) {
        String configured = environment.getOrDefault("XDG_CACHE_HOME", "").strip();
        Path caches = configured.isEmpty() ? userHome.resolve(".cache") : Path.of(configured);
        return caches.resolve("sinq4j");
    }
}
