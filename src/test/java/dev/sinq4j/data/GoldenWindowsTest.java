package dev.sinq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows of real texts under a real tokenizer against the hashes of the ids the reference run saw. */
class GoldenWindowsTest {

    @Test
    void wikiTextHasTheTokensAndWindowsOfTheReferenceRun() throws IOException {
        Corpus corpus = Corpus.text("wikitext2", Shared.path("data/text/wikitext2-raw-test.joined.txt"));
        JsonNode golden = golden("wikitext2.json");
        TokenizedText text = tokenize(corpus);
        assertEquals(golden.get("tokens").intValue(), text.tokens());
        assertEquals(golden.get("windows_in_text").intValue(), hashes(text).size());
        assertStartsWith(hashes(golden), hashes(text));
    }

    @Test
    void documentsTokenizedApartHaveTheWindowsOfTheReferenceRun() throws IOException {
        Corpus corpus = Corpus.jsonLines("c4-sample", Shared.path("data/text/c4_sample.jsonl"), "text")
                .joined(new DocumentJoin.Apart());
        assertStartsWith(hashes(golden("c4.json")), hashes(tokenize(corpus)));
    }

    private static void assertStartsWith(List<String> first, List<String> all) {
        assertEquals(first, all.subList(0, first.size()));
    }

    private static TokenizedText tokenize(Corpus corpus) {
        TextEncoder encoder = Tokenizers.open("golden/smollm2/hf/tokenizer.json", false);
        return CorpusFile.locate(corpus, (repo, revision, file, argument) -> {
                    throw new AssertionError("nothing is to be fetched");
                })
                .tokenize(encoder);
    }

    private static List<String> hashes(TokenizedText text) {
        return TextProtocol.of(2048, TextProtocol.Bos.NONE).cut(text, -1).stream()
                .map(Window::sha256)
                .toList();
    }

    private static List<String> hashes(JsonNode golden) {
        List<String> hashes = new ArrayList<>();
        golden.get("window_ids_sha256_int32le").forEach(hash -> hashes.add(hash.textValue()));
        return hashes;
    }

    private static JsonNode golden(String name) throws IOException {
        return new ObjectMapper().readTree(Shared.path("golden/smollm2/" + name).toFile());
    }
}
