package dev.sinq4j.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubCacheTest {

    private static final RepoId REPO = RepoId.model("swiss-ai/Apertus-8B-2509");
    private static final String COMMIT = "00112233445566778899aabbccddeeff00112233";

    @TempDir
    private Path root;

    private Path snapshot;
    private HubCache cache;

    @BeforeEach
    void aSnapshotAsPythonLeavesIt() throws IOException {
        cache = new HubCache(root);
        Path repo = root.resolve("models--swiss-ai--Apertus-8B-2509");
        snapshot = Files.createDirectories(repo.resolve("snapshots/" + COMMIT));
        Files.createDirectories(repo.resolve("refs/refs/pr"));
        Files.writeString(repo.resolve("refs/main"), COMMIT);
        Files.writeString(repo.resolve("refs/refs/pr/1"), COMMIT);
        Files.createDirectories(repo.resolve("blobs"));
        Files.writeString(repo.resolve("blobs/abc"), "{}");
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/abc"));
    }

    @Test
    void findsARevisionByBranchPullRequestAndCommit() {
        assertEquals(Optional.of(snapshot), cache.find(REPO, "main"));
        assertEquals(Optional.of(snapshot), cache.find(REPO, "refs/pr/1"));
        assertEquals(Optional.of(snapshot), cache.find(REPO, COMMIT));
        assertEquals(Optional.empty(), cache.find(REPO, "v2"));
        assertEquals(Optional.empty(), cache.find(REPO, "f".repeat(40)));
        assertEquals(Optional.empty(), cache.find(RepoId.dataset("swiss-ai/Apertus-8B-2509"), "main"));
    }

    @Test
    void findsAFileThroughItsLinkAndNoLinkToNowhere() throws IOException {
        assertEquals(Optional.of(snapshot.resolve("config.json")), cache.findFile(REPO, "main", "config.json"));
        Files.createSymbolicLink(snapshot.resolve("lost.json"), Path.of("../../blobs/none"));
        assertEquals(Optional.empty(), cache.findFile(REPO, "main", "lost.json"));
    }

    @Test
    void knowsWhichShardsAHalfFetchedModelLacks() throws IOException {
        assertEquals(List.of("model.safetensors"), SnapshotFiles.missing(snapshot));
        Files.writeString(
                snapshot.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"}}");
        Files.writeString(snapshot.resolve("model-00001-of-00002.safetensors"), "x");
        assertEquals(List.of("model-00002-of-00002.safetensors"), SnapshotFiles.missing(snapshot));
    }

    @Test
    void aModelsFilesAreItsWeightsConfigurationAndTokenizer() {
        List<String> listed = List.of(
                ".gitattributes",
                "README.md",
                "chat_template.jinja",
                "config.json",
                "consolidated.safetensors",
                "merges.txt",
                "model-00001-of-00002.safetensors",
                "model.safetensors.index.json",
                "onnx/model.json",
                "original/consolidated.safetensors",
                "pytorch_model.bin",
                "tokenizer.model");
        assertEquals(
                List.of(
                        "chat_template.jinja",
                        "config.json",
                        "merges.txt",
                        "model-00001-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "tokenizer.model"),
                listed.stream().filter(FileFilter.model()::accepts).toList());
    }

    @Test
    void patternsAreTheShells() {
        FileFilter filter = FileFilter.patterns(List.of("*.Q4_?.gguf", "config.json"));
        assertTrue(filter.accepts("sub/model.Q4_0.gguf"));
        assertTrue(filter.accepts("config.json"));
        assertFalse(filter.accepts("model.Q4_K_M.gguf"));
        assertFalse(filter.accepts("configXjson"));
    }

    @Test
    void readsAReferenceWithAndWithoutRevision() {
        assertEquals(new HubReference(REPO, "main"), HubReference.parse(RepoId.Kind.MODEL, REPO.name()));
        assertEquals(
                new HubReference(REPO, "refs/pr/1"),
                HubReference.parse(RepoId.Kind.MODEL, "swiss-ai/Apertus-8B-2509@refs/pr/1"));
        assertEquals(
                "gpt2", HubReference.parse(RepoId.Kind.MODEL, "gpt2").repo().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b/c", "../b", "a/..", "/a", "a/", "a b/c", "a--b/c", "a/b@", "a/b@../x", "a/b@/x"})
    void refusesWhatIsNoReference(String text) {
        assertThrows(UsageFailure.class, () -> HubReference.parse(RepoId.Kind.MODEL, text));
    }

    @Test
    void remembersAHashUntilTheFileChanges() throws IOException {
        FileHashes hashes = new FileHashes(root.resolve("hashes"));
        Path file = Files.writeString(root.resolve("weights"), "abc");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        String first = hashes.sha256(file);
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", first);
        Files.writeString(file, "xyz");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        assertEquals(first, hashes.sha256(file), "the same size and time: not read again");
        Files.setLastModifiedTime(file, FileTime.fromMillis(2_000_000));
        assertNotEquals(first, hashes.sha256(file));
    }

    @Test
    void takesTheHashOfABlobFromItsName() throws IOException {
        String name = "ab".repeat(32);
        Files.writeString(root.resolve("models--swiss-ai--Apertus-8B-2509/blobs/" + name), "never read");
        Path link = Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/" + name));
        assertEquals(name, new FileHashes(root.resolve("hashes")).sha256(link));
    }
}
