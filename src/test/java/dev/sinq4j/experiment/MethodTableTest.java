package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.method.Methods;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class MethodTableTest {

    @Test
    void thePageTellsOfTheMethodsThereAre() throws IOException {
        String page = Files.readString(MethodTable.PAGE);
        assertEquals(MethodTable.renewed(page), page, "run: mvn -q compile exec:java@methods");
        for (String name : Methods.builtIn()) assertTrue(page.contains("| `" + name + "` |"), name);
    }

    @Test
    void aPageWithoutItsMarksIsRefused() {
        assertThrows(IllegalStateException.class, () -> MethodTable.renewed("# Methods\n"));
    }
}
