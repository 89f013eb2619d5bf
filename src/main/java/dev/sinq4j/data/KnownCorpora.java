package dev.sinq4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.hub.RepoId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The corpora that papers measure on, pinned.
 *
 * <pre>
 *   wikitext2   raw test split, rows joined by two newlines
 *   c4          first validation shard, the SINQ reference's 256 fixed stretches of 2048 tokens
 *   ptb         validation split, sentences joined by two newlines
 * </pre>
 *
 * Source: SINQ reference, {@code tests/eval_my/datautils.py}: {@code get_wikitext2}, {@code get_c4}, {@code get_ptb}.
 */
public final class KnownCorpora {

    private static final DocumentJoin TWO_NEWLINES = new DocumentJoin.Between("\n\n");
    private static final Map<String, Corpus> BY_NAME = new TreeMap<>(Map.of(
            "wikitext2",
            new Corpus(
                    "wikitext2",
                    onHub(
                            "Salesforce/wikitext",
                            "b08601e04326c79dfdd32d625aee71d232d685c3",
                            "wikitext-2-raw-v1/test-00000-of-00001.parquet",
                            "5f1bea067869d04849c0f975a2b29c4ff47d867f484f5010ea5e861eab246d91"),
                    new TextFormat.Parquet("text"),
                    TWO_NEWLINES,
                    "696cca6b65a171b0a358a4be6732cdfdf2dd6164a32e20fd70e3c13fc4dfae83"),
            "c4",
            new Corpus(
                    "c4",
                    onHub(
                            "allenai/c4",
                            "1588ec454efa1a09f29cd18ddd04fe05fc8653a2",
                            "en/c4-validation.00000-of-00008.json.gz",
                            null),
                    new TextFormat.JsonLines("text"),
                    c4Stretches(),
                    null),
            "ptb",
            new Corpus(
                    "ptb",
                    // the repository's own branch is a script; the hub's conversion stands on a ref, whose commit is
                    // not fixed
                    onHub(
                            "ptb-text-only/ptb_text_only",
                            "refs/convert/parquet",
                            "penn_treebank/validation/0000.parquet",
                            null),
                    new TextFormat.Parquet("sentence"),
                    TWO_NEWLINES,
                    null)));

    private KnownCorpora() {}

    public static Optional<Corpus> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    public static SortedSet<String> names() {
        return new TreeSet<>(BY_NAME.keySet());
    }

    private static CorpusSource onHub(String repo, String revision, String file, @Nullable String sha256) {
        return new CorpusSource.OnHub(RepoId.dataset(repo), revision, file, sha256);
    }

    private static DocumentJoin c4Stretches() {
        try (InputStream json = KnownCorpora.class.getResourceAsStream("c4-stretches.json")) {
            JsonNode root = new ObjectMapper().readTree(json);
            List<DocumentJoin.Stretches.Position> positions = new ArrayList<>();
            for (JsonNode pair : root.required("positions"))
                positions.add(new DocumentJoin.Stretches.Position(
                        pair.get(0).intValue(), pair.get(1).intValue()));
            return new DocumentJoin.Stretches(positions, root.required("length").intValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
