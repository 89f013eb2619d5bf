package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.cells.PerplexityProtocol;
import dev.sinq4j.report.table.Column.Spread.PlusMinus;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Divergence;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.statistics.Proportion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each cell keeps of the model, and at which size. Figures measured by different protocols stand in different columns. */
final class MainTable {

    private final Cells cells;
    private final TableBuilder<CellResult> table;

    private MainTable(Cells cells) {
        this.cells = cells;
        this.table = new TableBuilder<>("main", "Quality and size", cells.measured());
    }

    static ReportTable of(Cells cells) {
        return new MainTable(cells).build();
    }

    private ReportTable build() {
        CellColumns.identify(table, cells);
        addSize();
        addPerplexities();
        addDivergences();
        CellColumns.noteDevices(table, cells);
        return table.build(CellColumns::group);
    }

    private void addSize() {
        table.number(
                Column.number("bits_per_weight", "bits/weight", value -> Numerals.fixed(value, 2))
                        .better(Better.LOWER),
                memory(Memory::bitsPerWeight));
        ByteUnit unit = ByteUnit.of(cells.measured().stream().map(memory(Memory::weightBytes)));
        table.whole(
                Column.number("weight_bytes", "weights (" + unit.symbol() + ")", unit::numeral)
                        .better(Better.LOWER),
                memory(Memory::weightBytes));
        table.wholeData("quantized_weight_bytes", memory(Memory::quantizedWeightBytes));
        table.note(
                "bits/weight: all stored bytes of the quantized layers, scales and zeros counted, over their weights. "
                        + "Weights: all of the model. Best of each model and bit width bold, second best underlined.");
    }

    private static <T> Function<CellResult, @Nullable T> memory(Function<Memory, @Nullable T> value) {
        return cell -> {
            Memory memory = cell.metrics().memory();
            return memory == null ? null : value.apply(memory);
        };
    }

    private void addPerplexities() {
        List<PerplexityProtocol> protocols = PerplexityProtocol.all(cells.measured());
        Headings names =
                new Headings(protocols.stream().map(PerplexityProtocol::dataset).toList());
        for (int i = 0; i < protocols.size(); i++) addPerplexity(protocols.get(i), names.key(i), names.title(i));
    }

    private void addPerplexity(PerplexityProtocol protocol, String key, String title) {
        String value = "perplexity_" + key;
        String stderr = value + "_stderr";
        table.number(
                Column.number(value, "perplexity, " + title, Numerals::perplexity)
                        .ranked(Better.LOWER)
                        .with(new PlusMinus(stderr)),
                cell -> of(protocol, cell, Perplexity::value));
        table.numberData(stderr, cell -> of(protocol, cell, Perplexity::stderr));
        table.number(
                Column.number(value + "_change_percent", "change (%)", change -> Numerals.signed(change, 2)),
                cell -> change(protocol, cell));
        table.note("±: standard error over windows, of each figure by itself; for differences see the paired table."
                + " Change: of the perplexity, against the dense model.");
        for (String model : cells.models()) notePerplexity(protocol, model, title);
    }

    private void notePerplexity(PerplexityProtocol protocol, String model, String title) {
        for (CellResult cell : cells.of(model)) {
            Perplexity perplexity = protocol.in(cell);
            if (perplexity == null) continue;
            table.note("Perplexity, " + title + ": " + protocol.describe(perplexity)
                    + (cells.models().size() > 1 ? " (" + model + ")." : "."));
            return;
        }
    }

    private static <T> @Nullable T of(
            PerplexityProtocol protocol, CellResult cell, Function<Perplexity, @Nullable T> value) {
        Perplexity perplexity = protocol.in(cell);
        return perplexity == null ? null : value.apply(perplexity);
    }

    /** Change against the dense model, where both were measured alike. */
    private @Nullable Double change(PerplexityProtocol protocol, CellResult cell) {
        Perplexity perplexity = protocol.in(cell);
        if (perplexity == null || Cells.isDense(cell)) return null;
        return cells.of(cell.model()).stream()
                .filter(Cells::isDense)
                .map(protocol::in)
                .filter(dense -> dense != null)
                .findFirst()
                .map(dense -> 100 * (perplexity.value() / dense.value() - 1))
                .orElse(null);
    }

    private void addDivergences() {
        Map<String, Divergence> protocols = new TreeMap<>();
        for (CellResult cell : cells.measured()) {
            of(cell.metrics().divergence())
                    .forEach((dataset, found) ->
                            protocols.putIfAbsent(dataset + "/" + found.window() + "/" + found.windows(), found));
        }
        Headings names =
                new Headings(protocols.keySet().stream().map(MainTable::dataset).toList());
        int i = 0;
        for (Map.Entry<String, Divergence> protocol : protocols.entrySet()) {
            addDivergence(protocol.getKey(), names.key(i), names.title(i), protocol.getValue());
            i++;
        }
    }

    private void addDivergence(String protocol, String key, String title, Divergence example) {
        Function<Function<Divergence, Double>, Function<CellResult, @Nullable Double>> measured = value -> cell -> {
            Divergence found = of(cell.metrics().divergence()).get(dataset(protocol));
            boolean same =
                    found != null && protocol.equals(dataset(protocol) + "/" + found.window() + "/" + found.windows());
            return same ? value.apply(found) : null;
        };
        String kl = "kl_" + key;
        table.number(
                Column.number(kl, "KL, " + title + " (nats)", value -> Numerals.fixed(value, 4))
                        .ranked(Better.LOWER)
                        .with(new PlusMinus(kl + "_stderr")),
                measured.apply(Divergence::klMean));
        table.numberData(kl + "_stderr", measured.apply(Divergence::klStderr));
        table.number(
                Column.number(kl + "_p99", "KL 99 %", value -> Numerals.fixed(value, 3))
                        .better(Better.LOWER),
                measured.apply(Divergence::klP99));
        table.numberData(kl + "_median", measured.apply(Divergence::klMedian));
        table.numberData(kl + "_max", measured.apply(Divergence::klMax));
        String top1 = "top1_" + key;
        table.number(
                Column.number(top1, "same top token (%)", value -> Numerals.fixed(value, 2))
                        .ranked(Better.HIGHER)
                        .with(new PlusMinus(top1 + "_stderr")),
                measured.apply(found -> 100 * found.top1Agreement()));
        table.numberData(
                top1 + "_stderr",
                measured.apply(found -> 100 * Proportion.standardError(found.top1Agreement(), found.positions())));
        table.number(
                Column.number("delta_p_rms_" + key, "RMS Δp (%)", value -> Numerals.fixed(value, 2))
                        .better(Better.LOWER),
                measured.apply(found -> 100 * found.deltaPRms()));
        table.note("KL, " + title + ": divergence of the next-token distribution from the dense model's, mean over "
                + Numerals.grouped(example.positions()) + " positions in " + example.windows() + " windows of "
                + example.window() + " tokens; KL 99 %: what 99 % of the positions stay below; Δp: change of the"
                + " probability of the text's own next token. Their ± takes positions as independent.");
    }

    private static String dataset(String protocol) {
        return protocol.replaceFirst("/[0-9]+/[0-9]+$", "");
    }

    private static <T> Map<String, T> of(@Nullable Map<String, T> measured) {
        return measured == null ? Map.of() : measured;
    }
}
