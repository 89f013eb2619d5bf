package dev.sinq4j.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.failure.UsageFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {

    @TempDir
    private Path home;

    @Test
    void anEmptyEnvironmentMeansTheUsualPlaces() {
        HubSettings settings = settings(Map.of());
        assertEquals(home.resolve(".cache/huggingface/hub"), settings.cache().root());
        assertEquals(URI.create("https://huggingface.co"), settings.endpoint());
        assertEquals(Optional.empty(), settings.token());
        assertEquals(Optional.empty(), settings.offline());
    }

    @Test
    void theCachesVariableBeatsTheHomesAndThatTheSystems() {
        Map<String, String> xdg = Map.of("XDG_CACHE_HOME", "/x");
        assertEquals(Path.of("/x/huggingface/hub"), settings(xdg).cache().root());
        Map<String, String> hfHome = Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "~/hf");
        assertEquals(home.resolve("hf/hub"), settings(hfHome).cache().root());
        Map<String, String> cache = Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c");
        assertEquals(Path.of("/c"), settings(cache).cache().root());
    }

    @Test
    void theTokenComesFromTheVariableOrTheFileAndIsNeverPrinted() throws IOException {
        Files.createDirectories(home.resolve(".cache/huggingface"));
        Files.writeString(home.resolve(".cache/huggingface/token"), "hf_file\n");
        assertEquals("hf_file", settings(Map.of()).token().orElseThrow().secret());
        HubSettings settings = settings(Map.of("HF_TOKEN", " hf_variable "));
        assertEquals("hf_variable", settings.token().orElseThrow().secret());
        assertFalse(settings.toString().contains("hf_variable"), settings.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "ON", "yes", "True"})
    void staysOfflineWhenToldTo(String value) {
        assertEquals(
                Optional.of("HF_HUB_OFFLINE"),
                settings(Map.of("HF_HUB_OFFLINE", value)).offline());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "off", "no", ""})
    void doesNotStayOfflineOtherwise(String value) {
        assertEquals(Optional.empty(), settings(Map.of("HF_HUB_OFFLINE", value)).offline());
    }

    @Test
    void aMirrorIsNamedByTheEndpoint() {
        assertEquals(
                URI.create("https://mirror.example/hf"),
                settings(Map.of("HF_ENDPOINT", "https://mirror.example/hf/")).endpoint());
        UsageFailure failure =
                assertThrows(UsageFailure.class, () -> settings(Map.of("HF_ENDPOINT", "mirror.example")));
        assertEquals(
                "HF_ENDPOINT: 'mirror.example' is not an http or https address, such as https://huggingface.co",
                failure.getMessage());
    }

    private HubSettings settings(Map<String, String> environment) {
        return HubSettings.fromEnvironment(environment, home);
    }
}
