package dev.sinq4j.results;

import java.util.List;
import java.util.Map;

/** Results made up for tests. */
final class Results {

    private Results() {}

    static final Provenance PROVENANCE = new Provenance(
            "2026-11-24T12:00:00Z",
            12.3,
            "0.1.0",
            null,
            "bbbc6571e625ae6837813734abc94e776923d82f",
            "cpu",
            "vector-512",
            "2 cores",
            "host",
            "Linux",
            "25.0.3",
            2,
            42,
            "c0",
            Map.of("model.safetensors", "ab"),
            Map.of("wikitext2", "cd"),
            null);

    static CellResult ok(String cell, double perplexity) {
        Metrics.Perplexity measured = new Metrics.Perplexity(
                perplexity, null, 2048, 2048, 1, 2049, 2047, "once", "dropped", "", List.of(Math.log(perplexity)));
        Metrics metrics = new Metrics(Map.of("wikitext2", measured), null, null, null, null, null);
        return new CellResult(
                1, cell, "e", "m", "rtn", 4, 64, null, "fp16", null, CellResult.Status.OK, null, metrics, PROVENANCE);
    }

    static CellResult failed(String cell, String error) {
        return new CellResult(
                1,
                cell,
                "e",
                "m",
                "rtn",
                4,
                64,
                null,
                "fp16",
                null,
                CellResult.Status.FAILED,
                error,
                Metrics.NONE,
                PROVENANCE);
    }
}
