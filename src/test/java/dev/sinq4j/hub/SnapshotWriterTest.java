package dev.sinq4j.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotWriterTest {

    private static final RepoId REPO = RepoId.model("org/name");
    private static final RemoteFile FILE = new RemoteFile("config.json", FakeHub.COMMIT, "a".repeat(40), 2);

    @TempDir
    private Path folder;

    @Test
    void copiesWhereThereAreNoLinks() throws IOException {
        // a file system inside a zip file has none
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            HubCache cache = new HubCache(zip.getPath("/cache"));
            Path blob = cache.blob(REPO, FILE.etag());
            Files.createDirectories(blob.getParent());
            Files.writeString(blob, "{}");
            SnapshotWriter writer = new SnapshotWriter(cache, REPO);
            assertFalse(writer.has(FILE));
            writer.link(FILE);
            assertTrue(writer.has(FILE));
            assertEquals(
                    "{}", Files.readString(cache.snapshot(REPO, FakeHub.COMMIT).resolve("config.json")));
        }
    }

    @Test
    void replacesALinkToNowhere() throws IOException {
        HubCache cache = new HubCache(folder);
        SnapshotWriter writer = new SnapshotWriter(cache, REPO);
        writer.link(FILE);
        assertFalse(writer.has(FILE));
        Files.createDirectories(cache.blob(REPO, FILE.etag()).getParent());
        Files.writeString(cache.blob(REPO, FILE.etag()), "{}");
        writer.link(FILE);
        assertTrue(writer.has(FILE));
    }
}
