package dev.sinq4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.data.TextProtocol.Bos;
import dev.sinq4j.failure.UsageFailure;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextProtocolTest {

    private static final int BOS = -1;

    @Test
    void windowsLieSideBySideAndTheTailIsDropped() {
        List<Window> windows = TextProtocol.of(4, Bos.NONE).cut(counting(11), BOS);
        assertEquals(2, windows.size());
        assertArrayEquals(new int[] {0, 1, 2, 3}, windows.get(0).ids());
        assertArrayEquals(new int[] {4, 5, 6, 7}, windows.get(1).ids());
        assertEquals(4, windows.get(1).start());
        assertEquals(3, windows.get(1).scored());
    }

    @Test
    void overlappingWindowsScoreEachTokenOnce() {
        List<Window> windows = new TextProtocol(6, 2, Bos.NONE, OptionalInt.empty()).cut(counting(11), BOS);
        int[] scored = windows.stream()
                .flatMapToInt(window -> IntStream.range(window.scoredFrom(), 6).map(i -> window.ids()[i]))
                .toArray();
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, scored);
    }

    @Test
    void aStartTokenReplacesTheFirstOfEachWindowIfAsked() {
        List<Window> windows = TextProtocol.of(3, Bos.WINDOW).cut(counting(6), BOS);
        assertArrayEquals(new int[] {BOS, 1, 2}, windows.get(0).ids());
        assertArrayEquals(new int[] {BOS, 4, 5}, windows.get(1).ids());
    }

    @ParameterizedTest(name = "{0} tokens, window {1}, stride {2}: {3}")
    @CsvSource({
        "299078,2048,2048,146",
        "341469,2048,2048,166",
        "287644,2048,2048,140",
        "2048,2048,512,1",
        "2047,2048,512,0"
    })
    void countsWindows(int tokens, int window, int stride, int expected) {
        assertEquals(expected, new TextProtocol(window, stride, Bos.NONE, OptionalInt.empty()).windows(tokens));
    }

    @Test
    void aLimitKeepsTheFirstWindows() {
        assertEquals(
                2,
                new TextProtocol(4, 4, Bos.NONE, OptionalInt.of(2))
                        .cut(counting(100), BOS)
                        .size());
        assertEquals(
                3,
                new TextProtocol(4, 4, Bos.NONE, OptionalInt.of(9))
                        .cut(counting(12), BOS)
                        .size());
    }

    @Test
    void saysThatATextIsShorterThanAWindow() {
        UsageFailure failure = assertThrows(
                UsageFailure.class, () -> TextProtocol.of(2048, Bos.NONE).cut(counting(2047), BOS));
        assertEquals(
                "window: the text has 2047 tokens, fewer than one window of 2048; choose a shorter window or a longer"
                        + " text",
                failure.getMessage());
    }

    @ParameterizedTest(name = "window {0}, stride {1}")
    @CsvSource({"1,1", "2,0", "2,3", "0,0"})
    void refusesWindowsThatScoreNothingOrSkipTokens(int window, int stride) {
        assertThrows(UsageFailure.class, () -> new TextProtocol(window, stride, Bos.NONE, OptionalInt.empty()));
    }

    @Test
    void hashesIdsAsLittleEndianIntegers() {
        assertEquals(
                "18f227e203ebcfcde7b9a799ed2da0c36f4335727701cfbdfef86d1e8f42b166",
                new TokenizedText(new int[] {1, 256, 65536}).sha256());
    }

    private static TokenizedText counting(int tokens) {
        return new TokenizedText(IntStream.range(0, tokens).toArray());
    }
}
