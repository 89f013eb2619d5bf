package dev.sinq4j.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtensionsTest {

    @Test
    void aNameWithoutAnOwnerIsRefused() {
        assertRefused("found 'sinq'", new Described("sinq", "1", List.of(4)));
    }

    @Test
    void anEmptyVersionIsRefused() {
        assertRefused("version", new Described("me/mine", " ", List.of(4)));
    }

    @Test
    void noBitsAreRefused() {
        assertRefused("bits: expected at least one width", new Described("me/mine", "1", List.of()));
        assertRefused("found [17]", new Described("me/mine", "1", List.of(17)));
    }

    @Test
    void twoOfOneNameAreRefused() {
        Described one = new Described("me/mine", "1", List.of(4));
        assertRefused("already taken", one, one);
    }

    @Test
    void soundOnesAreKeptInTheirOrder() {
        Described one = new Described("me/one", "1", List.of(4));
        Described other = new Described("me/other", "1", List.of(3, 2));
        assertEquals(List.of(one, other), Extensions.checked(List.of(one, other)));
    }

    @Test
    void aMethodWhoseExtensionIsGoneSaysWhatToDo() {
        External method = new External("gone/away", "1", 4, 64, MethodExtension.CalibrationNeed.NONE);
        UsageFailure failure = assertThrows(UsageFailure.class, () -> Extensions.of(method));
        assertTrue(failure.getMessage().contains("SINQ4J_CLASSPATH"), failure.getMessage());
    }

    private static void assertRefused(String reason, MethodExtension... found) {
        UsageFailure failure = assertThrows(UsageFailure.class, () -> Extensions.checked(List.of(found)));
        assertTrue(failure.getMessage().contains(reason), failure.getMessage());
    }

    private record Described(String name, String version, List<Integer> bits) implements MethodExtension {

        @Override
        public String source() {
            return "here";
        }

        @Override
        public long storedBytes(External method, int rows, int columns) {
            return 0;
        }
    }
}
