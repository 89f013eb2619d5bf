package dev.sinq4j.report.cells;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Perplexity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a perplexity was measured, as far as two figures have to agree to stand in one column. The tokens of a text depend on
 * the model's tokenizer and are not part of it.
 *
 * @param firstWindows how many windows, if not the whole text was taken
 * @param sha256       of the text
 */
public record PerplexityProtocol(
        String dataset,
        int window,
        int stride,
        String bos,
        String tail,
        String join,
        @Nullable Integer firstWindows,
        @Nullable String sha256) {

    /** The protocols of some cells, in order of first appearance. */
    public static List<PerplexityProtocol> all(List<CellResult> cells) {
        Set<PerplexityProtocol> found = new LinkedHashSet<>();
        for (CellResult cell : cells) {
            Map<String, Perplexity> measured = cell.metrics().perplexity();
            if (measured == null) continue;
            measured.forEach((dataset, perplexity) -> found.add(of(cell, dataset, perplexity)));
        }
        return List.copyOf(found);
    }

    private static PerplexityProtocol of(CellResult cell, String dataset, Perplexity perplexity) {
        Map<String, String> hashes = cell.provenance().datasetSha256();
        long taken = (long) (perplexity.windows() - 1) * perplexity.stride() + perplexity.window();
        boolean whole = perplexity.tokens() - taken < perplexity.stride();
        return new PerplexityProtocol(
                dataset,
                perplexity.window(),
                perplexity.stride(),
                perplexity.bos(),
                perplexity.tail(),
                perplexity.join(),
                whole ? null : perplexity.windows(),
                hashes == null ? null : hashes.get(dataset));
    }

    /** What a cell measured by this protocol; absent if nothing. */
    public @Nullable Perplexity in(CellResult cell) {
        Map<String, Perplexity> measured = cell.metrics().perplexity();
        Perplexity perplexity = measured == null ? null : measured.get(dataset);
        return perplexity != null && of(cell, dataset, perplexity).equals(this) ? perplexity : null;
    }

    /** The protocol in words, with the counts of one model's tokens. */
    public String describe(Perplexity perplexity) {
        return "windows of " + window + " tokens, stride " + stride + ", " + extent(perplexity) + "; "
                + Numerals.grouped(perplexity.scored()) + " of " + Numerals.grouped(perplexity.tokens())
                + " tokens scored; beginning-of-text token: " + bos + "; tail: " + tail + "; documents joined by "
                + quote(join)
                + (sha256 == null ? "" : "; text SHA-256 " + sha256.substring(0, Math.min(12, sha256.length())));
    }

    private String extent(Perplexity perplexity) {
        return firstWindows == null
                ? "all " + perplexity.windows() + " windows"
                : "the first " + perplexity.windows() + " windows";
    }

    private static String quote(String text) {
        return text.isEmpty() ? "nothing" : '"' + text.replace("\n", "\\n").replace("\t", "\\t") + '"';
    }
}
