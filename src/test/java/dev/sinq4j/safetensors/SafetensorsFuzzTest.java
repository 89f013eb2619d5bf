package dev.sinq4j.safetensors;

import static dev.sinq4j.safetensors.HandMade.entry;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Valid files, damaged at random: whatever happens, a file opens or is refused with a message. {@code -Dsinq4j.fuzz.cases=1000000}
 * looks further than the suite does; {@code -Dsinq4j.fuzz.seed} starts elsewhere.
 */
class SafetensorsFuzzTest {

    private static final int CASES = Integer.getInteger("sinq4j.fuzz.cases", 500);
    private static final long SEED = Long.getLong("sinq4j.fuzz.seed", 20261124);
    private static final String[] SNIPPETS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "null",
        "-1",
        "0",
        "1e3",
        "2.0",
        "99999999999999999999",
        "9223372036854775807",
        "\"dtype\"",
        "\"shape\"",
        "\"data_offsets\"",
        "\"__metadata__\"",
        "\"F32\"",
        "\\ud800",
        "\uFEFF",
        "\0",
        "true",
        "é"
    };

    @Test
    void aDamagedFileOpensOrIsRefusedWithAMessage(@TempDir Path folder) throws IOException {
        byte[] valid = HandMade.file(
                "{\"__metadata__\":{\"k\":\"v\"}," + entry("a", "F32", "[2,3]", 0, 24) + ","
                        + entry("b", "U8", "[]", 24, 25) + "," + entry("c", "BF16", "[0,7]", 25, 25) + "}",
                25);
        Random random = new Random(SEED);
        Path path = folder.resolve("fuzz.safetensors");
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] damaged = damage(valid, random);
            Files.write(path, damaged);
            try (var file = SafetensorsFile.open(path)) {
                file.tensors()
                        .values()
                        .forEach(tensor -> tensor.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
                opened++;
            } catch (UnavailableFailure e) {
                refused++;
            } catch (RuntimeException | Error e) {
                fail("seed " + SEED + ": " + HexFormat.of().formatHex(damaged), e);
            }
        }
        assertTrue(refused > opened && opened > 0, "opened " + opened + ", refused " + refused);
    }

    @Test
    void aDamagedIndexOpensOrIsRefusedWithAMessage(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("1.safetensors"), HandMade.file("{" + entry("a", "U8", "[2]", 0, 2) + "}", 2));
        Files.write(folder.resolve("2.safetensors"), HandMade.file("{" + entry("b", "U8", "[2]", 0, 2) + "}", 2));
        byte[] valid = ("{\"metadata\":{\"total_size\":4},\"weight_map\":{\"a\":\"1.safetensors\","
                        + "\"b\":\"2.safetensors\"}}")
                .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            byte[] damaged = damageOnce(random.nextBoolean() ? damageOnce(valid, random) : valid, random);
            Files.write(folder.resolve("model.safetensors.index.json"), damaged);
            try {
                SafetensorsFolder.open(folder).close();
            } catch (UnavailableFailure e) {
                assertTrue(e.getMessage().contains("safetensors"), e.getMessage());
            } catch (RuntimeException | Error e) {
                fail("seed " + SEED + ": " + HexFormat.of().formatHex(damaged), e);
            }
        }
    }

    private static byte[] damage(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int i = random.nextInt(3); i >= 0; i--) bytes = damageOnce(bytes, random);
        // most damage should get past the length
        if (random.nextInt(8) > 0 && bytes.length > 33) {
            byte[] header = Arrays.copyOfRange(bytes, 8, bytes.length - 25);
            return HandMade.withLength(header.length, header, new byte[25]);
        }
        return bytes;
    }

    private static byte[] damageOnce(byte[] bytes, Random random) {
        if (bytes.length == 0) return bytes;
        int at = random.nextInt(bytes.length);
        byte[] snippet = SNIPPETS[random.nextInt(SNIPPETS.length)].getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(6)) {
            case 0 -> splice(bytes, at, at, snippet);
            case 1 -> splice(bytes, at, Math.min(bytes.length, at + snippet.length), snippet);
            case 2 -> splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), new byte[0]);
            case 3 -> splice(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            case 4 -> splice(bytes, at, at + 1, new byte[] {(byte) ('0' + random.nextInt(10))});
            default -> Arrays.copyOf(bytes, at);
        };
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = new byte[bytes.length - (to - from) + middle.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }
}
