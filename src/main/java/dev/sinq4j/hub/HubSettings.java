package dev.sinq4j.hub;

import dev.sinq4j.failure.UsageFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says about the hub; each variable means what it means to {@code huggingface_hub}.
 *
 * <pre>
 *   HF_HUB_CACHE       folder of all repositories          default $HF_HOME/hub
 *   HF_HOME            the hub's folder                    default ${XDG_CACHE_HOME:-~/.cache}/huggingface
 *   HF_TOKEN           access token                        default: content of $HF_TOKEN_PATH or $HF_HOME/token
 *   HF_ENDPOINT        address of the hub or of a mirror   default https://huggingface.co
 *   HF_HUB_OFFLINE     1, on, yes, true: open no socket
 * </pre>
 *
 * @param endpoint without a slash at its end
 * @param offline  the variable that forbids sockets; empty if none does
 */
public record HubSettings(HubCache cache, URI endpoint, Optional<AccessToken> token, Optional<String> offline) {

    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

    /**
     * A token. Its text never gets into a message, a log or a file.
     *
     * @param secret not blank
     */
    public record AccessToken(String secret) {

        @Override
        public String toString() {
            return "(hidden)";
        }
    }

    /** The settings of this process. */
    public static HubSettings fromEnvironment() {
        return fromEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static HubSettings fromEnvironment(Map<String, String> environment, Path userHome) {
        Path home = path(environment, userHome, "HF_HOME")
                .orElseGet(() -> path(environment, userHome, "XDG_CACHE_HOME")
                        .orElse(userHome.resolve(".cache"))
                        .resolve("huggingface"));
        Path cache = path(environment, userHome, "HF_HUB_CACHE")
                .or(() -> path(environment, userHome, "HUGGINGFACE_HUB_CACHE"))
                .orElse(home.resolve("hub"));
        Path tokenFile = path(environment, userHome, "HF_TOKEN_PATH").orElse(home.resolve("token"));
        return new HubSettings(
                new HubCache(cache), endpoint(environment), token(environment, tokenFile), offline(environment));
    }

    private static URI endpoint(Map<String, String> environment) {
        String text = value(environment, "HF_ENDPOINT").orElse(DEFAULT_ENDPOINT).replaceAll("/+$", "");
        if (!text.matches("https?://[^/\\s]+(/\\S*)?"))
            throw new UsageFailure(
                    "HF_ENDPOINT: '" + text + "' is not an http or https address, such as " + DEFAULT_ENDPOINT);
        return URI.create(text);
    }

    private static Optional<AccessToken> token(Map<String, String> environment, Path file) {
        return value(environment, "HF_TOKEN")
                .or(() -> value(environment, "HUGGING_FACE_HUB_TOKEN"))
                .or(() -> Optional.ofNullable(firstLine(file)))
                .map(AccessToken::new);
    }

    private static @Nullable String firstLine(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) return null;
        try {
            String token = Files.readString(file).strip();
            return token.isEmpty() ? null : token.lines().findFirst().orElseThrow();
        } catch (IOException unreadable) {
            return null; // as if there were none: public repositories need no token
        }
    }

    private static Optional<String> offline(Map<String, String> environment) {
        return List.of("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE").stream()
                .filter(name -> value(environment, name)
                        .filter(value -> TRUE.contains(value.toLowerCase(Locale.ROOT)))
                        .isPresent())
                .findFirst();
    }

    private static Optional<Path> path(Map<String, String> environment, Path userHome, String name) {
        return value(environment, name)
                .map(value -> value.equals("~") || value.startsWith("~/") ? userHome + value.substring(1) : value)
                .map(Path::of);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }
}
