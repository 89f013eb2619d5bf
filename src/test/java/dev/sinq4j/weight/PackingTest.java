package dev.sinq4j.weight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PackingTest {

    @ParameterizedTest(name = "{0} bits, {1} code rows of {2}")
    @MethodSource("shapes")
    void unpackingGivesTheCodesBack(int bits, int codeRows, int group) {
        byte[] codes = new byte[codeRows * group];
        Random random = new Random(bits * 1000L + codeRows);
        for (int e = 0; e < codes.length; e++) codes[e] = (byte) random.nextInt(1 << bits);
        Packing packing = Packing.of(bits);
        assertArrayEquals(codes, packing.unpack(packing.pack(codes, codeRows, group), codeRows, group));
    }

    static Stream<Arguments> shapes() {
        return Stream.of(1, 2, 3, 4, 5, 6, 8)
                .flatMap(bits -> Stream.of(1, 2, 3, 7, 8, 9, 31, 64, 65)
                        .flatMap(rows -> Stream.of(8, 64).map(group -> Arguments.of(bits, rows, group))));
    }

    @Test
    void fourBitsPutTheFirstHalfOfTheRowsInTheHighNibble() {
        byte[] codes = {1, 2, 3, 4, 5, 6, 7, 8};
        assertArrayEquals(new byte[] {0x15, 0x26, 0x37, 0x48}, Packing.of(4).pack(codes, 2, 4));
    }

    @Test
    void anOddNumberOfRowsIsFilledUpWithZeros() {
        assertArrayEquals(new byte[] {0x13, 0x20}, Packing.of(4).pack(new byte[] {1, 2, 3}, 3, 1));
    }

    @Test
    void threeBitsPutTenRowsInAnInt() {
        byte[] codes = {7, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        assertArrayEquals(new byte[] {1, 0, 0, 0x38}, Packing.of(3).pack(codes, 10, 1));
    }

    @Test
    void codesOfAnotherLengthAreRefused() {
        var error =
                assertThrows(IllegalArgumentException.class, () -> Packing.of(4).pack(new byte[7], 2, 4));
        assertEquals("codes: expected 8 bytes, found 7", error.getMessage());
    }
}
