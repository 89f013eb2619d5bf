package dev.sinq4j.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected values are Python 3.11's. */
class PythonTest {

    @Test
    void drawsWhatPythonDraws() {
        PythonRandom random = new PythonRandom(1234);
        assertEquals(List.of(989, 796, 451, 119, 7), random.sample(1000, 5));
        assertEquals(List.of(92, 932, 965, 961, 826), random.sample(1000, 5));
        assertEquals(List.of(596, 35, 687, 709, 85), random.sample(1000, 5));
        assertEquals(List.of(3, 24, 11), random.sample(30, 3));
        assertEquals(List.of(7, 0, 18, 17, 11, 10), random.sample(20, 6));
        assertEquals(
                List.of(
                        81694, 63471, 80716, 60758, 19471, 11965, 23998, 93508, 14996, 1916, 65940, 63799, 32745, 8462,
                        87458, 70921, 61066, 8987, 78835, 88490, 11656, 67507, 75891, 6024, 35335, 72932),
                random.sample(100_000, 26));
    }

    @Test
    void drawsNoMoreThanThereAre() {
        assertThrows(IllegalArgumentException.class, () -> new PythonRandom(1).sample(2, 3));
    }

    @Test
    void stripsWhatUnicodeCallsBlank() {
        assertEquals("a b", PythonText.strip("\u00a0\u2003\t\u0085\u001fa b \n\u3000"));
        assertEquals("\u200b", PythonText.strip(" \u200b "));
        assertEquals("", PythonText.strip(" "));
        assertEquals(" a", PythonText.stripEnd(" a \u00a0"));
    }

    @Test
    void capitalizesTheFirstAndLowersTheRest() {
        assertEquals("He plays the usa anthem", PythonText.capitalize("he plays the USA Anthem"));
        assertEquals("\u01c5a", PythonText.capitalize("\u01c6A"));
        assertEquals("", PythonText.capitalize(""));
    }

    @Test
    void countsCharactersOfUnicode() {
        assertEquals(3, PythonText.length("a\uD83D\uDE00b"));
    }
}
