package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitCommitTest {

    @Test
    void namesTheCommitOfACheckout() {
        Path here = Path.of("").toAbsolutePath();
        Assumptions.assumeTrue(Files.exists(here.resolve(".git")), "the sources are no checkout");
        assertTrue(GitCommit.of(here).orElseThrow().matches("[0-9a-f]{40}(-dirty)?"));
    }

    @Test
    void knowsNothingOutsideOne(@TempDir Path folder) {
        assertEquals(Optional.empty(), GitCommit.of(folder));
    }
}
