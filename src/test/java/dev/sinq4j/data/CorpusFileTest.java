package dev.sinq4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.data.DocumentJoin.Stretches.Position;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.hub.RepoId;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusFileTest {

    private static final FileSource NO_HUB = (repo, revision, file, argument) -> {
        throw new AssertionError("nothing is to be fetched");
    };
    /** A token a character. */
    private static final TextEncoder CHARACTERS = text -> text.chars().toArray();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd", "gzip", "none"})
    void readsParquetRowsInOrderWhateverTheCompression(String compression) throws Exception {
        List<String> rows = documents(Corpus.parquet("mine", resource("rows-" + compression + ".parquet"), "text"));
        assertEquals(40, rows.size());
        assertEquals(List.of("", " = Heading = \n", "", "Zeilen, naïve – 東京 🚢\n", "row 0\n"), rows.subList(0, 5));
        assertEquals("row 35\n", rows.getLast());
    }

    @Test
    void namesTheRowThatHasNoText() throws Exception {
        Path file = resource("null.parquet");
        assertFails(
                file + ": column 'text' has no text in row 1", () -> documents(Corpus.parquet("mine", file, "text")));
    }

    @Test
    void listsTheColumnsWhereTheNamedOneIsMissing() throws Exception {
        Path file = resource("rows-snappy.parquet");
        assertFails(
                file + ": there is no column 'txt'; the file has id, text",
                () -> documents(Corpus.parquet("mine", file, "txt")));
    }

    @Test
    void saysThatANumberColumnIsNoText() throws Exception {
        Path file = resource("rows-snappy.parquet");
        assertFails(
                file + ": column 'id' holds INT64, not strings", () -> documents(Corpus.parquet("mine", file, "id")));
    }

    @Test
    void reportsDamagedParquetAsAFailureOfTheFile() throws Exception {
        byte[] whole = Files.readAllBytes(resource("rows-snappy.parquet"));
        Random random = new Random(7);
        Path file = folder.resolve("damaged.parquet");
        for (int round = 0; round < 200; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 8; i++) damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            Files.write(
                    file, round % 4 == 0 ? java.util.Arrays.copyOf(damaged, random.nextInt(whole.length)) : damaged);
            try {
                documents(Corpus.parquet("mine", file, "text"));
            } catch (UnavailableFailure expected) {
                assertTrue(expected.getMessage().startsWith(file + ": "), expected.getMessage());
            }
        }
    }

    @Test
    void readsJsonLinesAndSkipsEmptyOnes() throws Exception {
        Path file = write("a.jsonl", "{\"text\":\"one\",\"n\":1}\n\n{\"text\":\"two\\nlines\"}\n");
        assertEquals(List.of("one", "two\nlines"), documents(Corpus.jsonLines("mine", file, "text")));
    }

    @Test
    void readsCompressedJsonLines() throws Exception {
        Path file = folder.resolve("a.jsonl.gz");
        try (OutputStream bytes = new GZIPOutputStream(Files.newOutputStream(file))) {
            bytes.write("{\"text\":\"eins\"}\n{\"text\":\"zwei\"}".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(List.of("eins", "zwei"), documents(Corpus.jsonLines("mine", file, "text")));
    }

    @Test
    void namesTheLineThatIsNotJson() throws Exception {
        Path file = write("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\n");
        UnavailableFailure failure =
                assertThrows(UnavailableFailure.class, () -> documents(Corpus.jsonLines("mine", file, "text")));
        assertTrue(failure.getMessage().startsWith(file + ":2: this is not JSON: "), failure.getMessage());
    }

    @Test
    void namesTheFieldsWhereTheColumnIsMissing() throws Exception {
        Path file = write("a.jsonl", "{\"goal\":\"one\",\"sol1\":\"x\"}\n");
        assertFails(
                file + ":1: there is no text in field 'text'; the line has the fields goal, sol1",
                () -> documents(Corpus.jsonLines("mine", file, "text")));
    }

    @Test
    void keepsEveryByteOfAPlainText() throws Exception {
        Path file = write("a.txt", "\uFEFFline\r\n\r\n\tend ");
        assertEquals(List.of("\uFEFFline\r\n\r\n\tend "), documents(Corpus.text("mine", file)));
    }

    @Test
    void namesTheByteThatIsNotUtf8() throws Exception {
        Path file = folder.resolve("latin1.txt");
        Files.write(file, new byte[] {'n', 'a', (byte) 0xEF, 'v', 'e'});
        assertFails(
                file + " is not UTF-8: byte 2 begins no character; convert the file to UTF-8",
                () -> documents(Corpus.text("mine", file)));
    }

    @Test
    void saysWhichFileIsMissing() {
        Path file = folder.resolve("absent.txt");
        assertFails("dataset 'mine': there is no file " + file, () -> documents(Corpus.text("mine", file)));
    }

    @Test
    void refusesAFileThatIsNotThePinnedOne() throws Exception {
        Path file = write("a.txt", "abc");
        String expected = "0".repeat(64);
        CorpusSource source = new CorpusSource.OnHub(RepoId.dataset("a/b"), "main", "a.txt", expected);
        Corpus corpus = new Corpus("mine", source, new TextFormat.Plain(), new DocumentJoin.Between(""), null);
        assertFails(
                "dataset 'mine': " + file
                        + " has SHA-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad, expected "
                        + expected + "; delete it and run ./sinq4j fetch mine",
                () -> CorpusFile.locate(corpus, (repo, revision, name, argument) -> file));
    }

    @Test
    void refusesAFileOfTheCacheThatIsNotWhatItsNameSays() throws Exception {
        Path blob = write("0".repeat(64), "abc");
        Path link = Files.createSymbolicLink(folder.resolve("a.txt"), blob);
        UnavailableFailure failure = assertThrows(UnavailableFailure.class, () -> open(Corpus.text("mine", link)));
        assertTrue(failure.getMessage().contains(blob + " has SHA-256 ba7816bf"), failure.getMessage());
    }

    @Test
    void joinsDocumentsBeforeTokenizingThem() throws Exception {
        Path file = write("a.jsonl", "{\"text\":\"\"}\n{\"text\":\"a\"}\n{\"text\":\"\"}\n{\"text\":\"b\"}\n");
        TokenizedText text = open(Corpus.jsonLines("mine", file, "text")).tokenize(CHARACTERS);
        assertArrayEquals("\n\na\n\n\n\nb".chars().toArray(), text.ids());
    }

    @Test
    void tokenizesDocumentsApartWhereTheJoinSaysSo() throws Exception {
        Path file = write("a.jsonl", "{\"text\":\"ab\"}\n{\"text\":\"c\"}\n");
        Corpus corpus = Corpus.jsonLines("mine", file, "text").joined(new DocumentJoin.Apart());
        TextEncoder withStart = text -> ("^" + text).chars().toArray();
        assertArrayEquals(
                "^ab^c".chars().toArray(), open(corpus).tokenize(withStart).ids());
    }

    @Test
    void takesFixedStretchesAndAsMuchAsAShortDocumentHas() throws Exception {
        Path file = write("a.jsonl", "{\"text\":\"abcdef\"}\n{\"text\":\"unused\"}\n{\"text\":\"xyz\"}\n");
        DocumentJoin stretches =
                new DocumentJoin.Stretches(List.of(new Position(2, 1), new Position(0, 2), new Position(2, 9)), 3);
        Corpus corpus = Corpus.jsonLines("mine", file, "text").joined(stretches);
        assertArrayEquals(
                "yzcde".chars().toArray(), open(corpus).tokenize(CHARACTERS).ids());
    }

    @Test
    void namesTheDocumentAStretchDoesNotFind() throws Exception {
        Path file = write("a.jsonl", "{\"text\":\"abcdef\"}\n");
        Corpus corpus = Corpus.jsonLines("mine", file, "text")
                .joined(new DocumentJoin.Stretches(List.of(new Position(1, 0)), 3));
        assertFails(
                "dataset 'mine': " + file + " has no document 1, counted from 0",
                () -> open(corpus).tokenize(CHARACTERS));
    }

    @Test
    void theBundledStretchesAreTheReferences() {
        Path positions = Shared.path("data/text/c4-sample-positions.json");
        DocumentJoin.Stretches c4 =
                (DocumentJoin.Stretches) KnownCorpora.find("c4").orElseThrow().join();
        var root = JsonLines.readAll(positions).getFirst();
        List<Position> expected = new ArrayList<>();
        for (int i = 0; i < 256; i++)
            expected.add(new Position(
                    root.get("c4_seed_tmp").get(i).intValue(),
                    root.get("c4_seed_index").get(i).intValue()));
        assertEquals(expected, c4.positions());
        assertEquals(2048, c4.length());
    }

    @Test
    void theJoinedWikiTextHasThePinnedHash() {
        Path joined = Shared.path("data/text/wikitext2-raw-test.joined.txt");
        assertEquals(
                KnownCorpora.find("wikitext2").orElseThrow().textSha256(),
                open(Corpus.text("wikitext2", joined)).sha256());
    }

    @Test
    void readsEveryQuestionOfATaskWithItsFields() {
        var questions = JsonLines.readAll(Shared.path("data/text/qa/piqa_dev.jsonl"));
        assertEquals(1838, questions.size());
        assertEquals("dresser", questions.get(1).get("goal").textValue());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static CorpusFile open(Corpus corpus) {
        return CorpusFile.locate(corpus, NO_HUB);
    }

    private static List<String> documents(Corpus corpus) {
        List<String> documents = new ArrayList<>();
        open(corpus).forEachDocument(documents::add);
        return documents;
    }

    private static void assertFails(String message, org.junit.jupiter.api.function.Executable action) {
        assertEquals(message, assertThrows(UnavailableFailure.class, action).getMessage());
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(CorpusFileTest.class.getResource(name).toURI());
    }
}
