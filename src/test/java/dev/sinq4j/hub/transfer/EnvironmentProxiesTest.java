package dev.sinq4j.hub.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {

    @Test
    void proxiesAreTheEnvironments() {
        EnvironmentProxies proxies = new EnvironmentProxies(
                Map.of("HTTPS_PROXY", "http://proxy.example:3128", "no_proxy", "localhost,.internal.example"));
        assertEquals(
                "proxy.example:3128",
                proxies.select(URI.create("https://huggingface.co/x"))
                        .getFirst()
                        .address()
                        .toString()
                        .replace("/<unresolved>", ""));
        assertTrue(isDirect(proxies, "http://huggingface.co/x"));
        assertTrue(isDirect(proxies, "https://localhost/x"));
        assertTrue(isDirect(proxies, "https://hub.internal.example/x"));
    }

    private static boolean isDirect(EnvironmentProxies proxies, String uri) {
        return proxies.select(URI.create(uri)).getFirst().type() == Proxy.Type.DIRECT;
    }
}
