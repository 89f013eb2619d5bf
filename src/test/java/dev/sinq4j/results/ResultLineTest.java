package dev.sinq4j.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultLineTest {

    /** The documented layout, with every field this version writes. */
    private static final String DOCUMENTED = """
        {"schema": 1, "cell": "4f", "experiment": "e", "model": "m", "method": "sinq", "bits": 3, "group": 64, "tiling": "1d", "aux": "int8",
         "options": {"calibration": "c", "tokens": 128}, "status": "ok",
         "metrics": {
           "perplexity": {"wikitext2": {"value": 22.39, "stderr": 0.31, "window": 2048, "stride": 2048, "windows": 146, "tokens": 299078, "scored": 298862,
             "bos": "once", "tail": "dropped", "join": "\\n\\n", "window_nll": [3.1, 3.2]}},
           "divergence": {"wikitext2": {"kl_mean": 0.0123, "kl_stderr": 0.001, "kl_median": 0.004, "kl_p99": 0.2, "kl_max": 3.5, "top1_agreement": 0.95,
             "delta_p_rms": 0.02, "window": 2048, "windows": 16, "positions": 32752}},
           "tasks": {"piqa": {"acc": 0.79, "acc_stderr": 0.01, "acc_norm": 0.8, "acc_norm_stderr": 0.01, "perplexity": 9.5, "perplexity_stderr": 0.5,
             "flips": 0.07, "against_dense": {"changed": 9, "gained": 2, "lost": 3}, "against_dense_norm": {"changed": 8, "gained": 1, "lost": 2},
             "n": 1838, "shots": 5, "bos": true, "questions_file": "questions/4f-piqa.jsonl",
             "questions": [{"id": "0", "answer": 1, "predicted": 1, "predicted_norm": 0, "loglikelihoods": [-12.5, -9.25]}]}},
           "memory": {"weight_bytes": 1, "quantized_weight_bytes": 1, "quantized_parameters": 2, "bits_per_weight": 4.26, "kv_cache_bytes": 5,
             "peak_device_bytes": 1, "peak_host_bytes": 1, "planned_device_bytes": 4, "planned_host_bytes": 3},
           "throughput": {"prefill_tokens_per_second": [1.0, 1.5, 1.25], "decode_tokens_per_second": [1.0, 1.5, 1.25], "prompt_tokens": 512, "generate_tokens": 128, "batch": 1,
             "other_batches": [{"prefill_tokens_per_second": [2.0], "decode_tokens_per_second": [3.0], "prompt_tokens": 512, "generate_tokens": 128, "batch": 4}]},
           "quantization": {"seconds": 1.2, "parameters": 7, "weight_mse": 1.0E-5, "relative_weight_error": 0.09,
             "cached_layers": 3, "loading_seconds": 0.5,
             "per_layer": [{"tensor": "t", "layer": 0, "role": "q", "rows": 4, "columns": 8, "mse": 0.5, "relative_error": 0.25, "stored_bytes": 64, "seconds": 0.25, "cached": true, "notes": {"alpha": 0.5}}],
             "warnings": ["w"]}},
         "provenance": {"started": "s", "seconds": 12.3, "version": "0.1.0", "git_commit": "g", "reference_commit": "r", "backend": "cpu", "kernels": "k",
           "device": "d", "host": "h", "os": "o", "jdk": "25.0.3", "threads": 2, "seed": 42, "config_sha256": "c",
           "model_sha256": {"file": "f"}, "dataset_sha256": {"name": "n"}, "command": "x"}}\
        """;

    /** The example of the public contract, its placeholders filled: it leaves out most of what this version writes. */
    private static final String SHORT = """
        {"schema": 1, "cell": "4f", "experiment": "e", "model": "m", "method": "sinq", "bits": 3, "group": 64, "tiling": "1d", "aux": "int8",
         "status": "ok",
         "metrics": {
           "perplexity": {"wikitext2": {"value": 22.39, "stderr": 0.31, "window": 2048, "windows": 146, "tokens": 299078, "scored": 298862, "window_nll": [3.1]}},
           "divergence": {"wikitext2": {"kl_mean": 0.0123, "kl_p99": 0.2, "top1_agreement": 0.95}},
           "tasks": {"piqa": {"acc": 0.79, "acc_norm": 0.80, "flips": 0.07, "n": 1838}},
           "memory": {"weight_bytes": 1, "quantized_weight_bytes": 1, "bits_per_weight": 4.26, "peak_device_bytes": 1, "peak_host_bytes": 1},
           "throughput": {"prefill_tokens_per_second": [1, 1, 1], "decode_tokens_per_second": [1, 1, 1]},
           "quantization": {"seconds": 1.2, "weight_mse": 1e-5}},
         "provenance": {"started": "s", "seconds": 12.3, "backend": "cpu", "device": "d", "jdk": "j", "git_commit": "g", "reference_commit": "bbbc657",
           "model_sha256": {"file": "f"}, "dataset_sha256": {"name": "n"}, "config_sha256": "c", "seed": 42, "threads": 2}}\
        """;

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void everyDocumentedFieldSurvivesReadingAndWriting() throws Exception {
        String written = ResultLine.format(ResultLine.parse(DOCUMENTED, "here"));
        assertEquals(json.readTree(DOCUMENTED), json.readTree(written));
        assertFalse(written.contains("\n"));
    }

    @Test
    void aLineThatLeavesOutOptionalFieldsIsRead() throws Exception {
        CellResult result = ResultLine.parse(SHORT, "here");
        assertEquals(2048, result.metrics().perplexity().get("wikitext2").stride());
        assertEquals(1, result.metrics().throughput().batch());
        assertEquals(List.of(), result.metrics().quantization().perLayer());
    }

    @Test
    void aFieldOfALaterVersionIsSkipped() throws Exception {
        String line = ResultLine.format(Results.ok("a", 5.0)).replaceFirst("\\{", "{\"colour\": \"blue\", ");
        assertEquals(Results.ok("a", 5.0), ResultLine.parse(line, "here"));
    }

    @Test
    void aNewerSchemaIsRefused() {
        String line = ResultLine.format(Results.ok("a", 5.0)).replace("\"schema\":1", "\"schema\":2");
        var error = assertThrows(UnavailableFailure.class, () -> ResultLine.parse(line, "results.jsonl:3"));
        assertEquals(
                "results.jsonl:3: schema 2 was written by a newer sinq4j; this one reads up to 1: update sinq4j, or"
                        + " use another results folder",
                error.getMessage());
    }

    @Test
    void figuresThatAreNotFiniteSurvive() throws Exception {
        CellResult diverged = Results.ok("a", Double.POSITIVE_INFINITY);
        assertEquals(diverged, ResultLine.parse(ResultLine.format(diverged), "here"));
        CellResult undefined = Results.ok("a", Double.NaN);
        assertEquals(undefined, ResultLine.parse(ResultLine.format(undefined), "here"));
    }

    @Test
    void aFailedCellCarriesItsMessageAndNothingMeasured() throws Exception {
        CellResult failed = Results.failed("a", "no \"memory\"\nleft");
        String line = ResultLine.format(failed);
        assertTrue(line.contains("\"status\":\"failed\",\"error\":\"no \\\"memory\\\"\\nleft\",\"metrics\":{}"), line);
        assertEquals(failed, ResultLine.parse(line, "here"));
    }

    @Test
    void mapsAreWrittenInOneOrder() {
        Metrics.Memory memory = new Metrics.Memory(1, 1, 1, 8, null, null, null, null, null);
        assertEquals(
                json.createObjectNode().put("a", 1).put("b", 2).toString(),
                ResultLine.format(withOptions(Map.of("b", 2, "a", 1), memory))
                        .replaceAll(".*\"options\":(\\{[^}]*}).*", "$1"));
    }

    private static CellResult withOptions(Map<String, Object> options, Metrics.Memory memory) {
        Metrics metrics = new Metrics(null, null, null, memory, null, null);
        return new CellResult(
                1,
                "a",
                "e",
                "m",
                "rtn",
                4,
                64,
                null,
                null,
                options,
                CellResult.Status.OK,
                null,
                metrics,
                Results.PROVENANCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "",
                "null",
                "[]",
                "{}",
                "{\"schema\": 1, \"cell\": \"a\"}",
                "{\"schema\": \"1\"}",
                "{\"schema\": 1, \"schema\": 1}",
                "{\"schema\": 1.5}"
            })
    void whatIsNotAResultIsSaidToBeDamaged(String line) {
        assertThrows(ResultLine.Damaged.class, () -> ResultLine.parse(line, "here"));
    }
}
