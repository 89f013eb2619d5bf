package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.cells.Parts;
import dev.sinq4j.report.cells.Parts.Part;
import dev.sinq4j.report.cells.PerplexityProtocol;
import dev.sinq4j.report.table.Column.Spread.Between;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.statistics.PairedDifference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What each part of a method gives: loss with the part minus loss without it, on the same windows, beside every combination
 * of the other parts and on average over them. There is one where a model has at least half of the sixteen combinations.
 */
final class PartsTable {

    private static final int FEWEST_COMBINATIONS = 8;

    private final List<Effect> effects = new ArrayList<>();

    private PartsTable() {}

    private record Effect(
            String model, int bits, PerplexityProtocol protocol, Part part, String beside, PairedDifference loss) {

        String finding() {
            if (!loss.isDecided()) return "open";
            return loss.mean() < 0 ? "better with it" : "worse with it";
        }
    }

    /** What distinguishes cells besides their parts. */
    private record Family(String model, int bits, int group, PerplexityProtocol protocol) {}

    static ReportTable of(Cells cells) {
        PartsTable parts = new PartsTable();
        parts.families(cells).forEach(parts::addFamily);
        return parts.build(cells.models().size() > 1);
    }

    private Map<Family, Map<Parts, double[]>> families(Cells cells) {
        Map<Family, Map<Parts, double[]>> families = new LinkedHashMap<>();
        for (CellResult cell : cells.measured()) {
            Parts.of(cell).ifPresent(parts -> {
                for (PerplexityProtocol protocol : PerplexityProtocol.all(List.of(cell))) {
                    Family family = new Family(
                            cell.model(), cell.bits(), Objects.requireNonNullElse(cell.group(), 0), protocol);
                    Perplexity found = Objects.requireNonNull(protocol.in(cell));
                    families.computeIfAbsent(family, ignored -> new HashMap<>())
                            .putIfAbsent(
                                    parts,
                                    found.windowNll().stream()
                                            .mapToDouble(Double::doubleValue)
                                            .toArray());
                }
            });
        }
        return families;
    }

    private void addFamily(Family family, Map<Parts, double[]> losses) {
        if (losses.size() < FEWEST_COMBINATIONS) return;
        for (Part part : Part.values()) {
            List<Parts> backgrounds = losses.keySet().stream()
                    .filter(parts -> !parts.has().contains(part) && losses.containsKey(parts.with(part)))
                    .filter(parts -> losses.get(parts).length > 1
                            && losses.get(parts).length == losses.get(parts.with(part)).length)
                    .sorted((one, other) -> Integer.compare(rank(one), rank(other)))
                    .toList();
            if (backgrounds.isEmpty()) continue;
            add(
                    family,
                    part,
                    "mean of the " + backgrounds.size() + " below",
                    mean(backgrounds.stream()
                            .map(parts -> losses.get(parts.with(part)))
                            .toList()),
                    mean(backgrounds.stream().map(losses::get).toList()));
            for (Parts background : backgrounds)
                add(family, part, background.text(), losses.get(background.with(part)), losses.get(background));
        }
    }

    /** Fewer parts first, then in the order of the parts. */
    private static int rank(Parts parts) {
        int rank = parts.has().size();
        for (Part part : Part.values()) rank = 2 * rank + (parts.has().contains(part) ? 0 : 1);
        return rank;
    }

    private static double[] mean(List<double[]> losses) {
        double[] mean = new double[losses.getFirst().length];
        for (double[] each : losses) for (int i = 0; i < mean.length; i++) mean[i] += each[i] / losses.size();
        return mean;
    }

    private void add(Family family, Part part, String beside, double[] with, double[] without) {
        effects.add(new Effect(
                family.model(),
                family.bits(),
                family.protocol(),
                part,
                beside,
                PairedDifference.of(with, without, Difference.SEED)));
    }

    private ReportTable build(boolean severalModels) {
        TableBuilder<Effect> table = new TableBuilder<>("parts", "What each part of a method gives", effects);
        if (severalModels) table.text("model", "model", Effect::model);
        else table.textData("model", Effect::model);
        table.text("dataset", "text", effect -> effect.protocol().dataset());
        table.whole(Column.number("bits", "bits", value -> Numerals.fixed(value, 0)), Effect::bits);
        table.text("part", "part", effect -> effect.part().label());
        table.text("beside", "beside", Effect::beside);
        table.number(
                Column.number("loss_difference", "with − without (nats/token)", value -> Numerals.signed(value, 4))
                        .with(new Between("loss_difference_low", "loss_difference_high")),
                effect -> effect.loss().mean());
        table.numberData(
                "loss_difference_low", effect -> effect.loss().interval().low());
        table.numberData(
                "loss_difference_high", effect -> effect.loss().interval().high());
        table.number(
                Column.number("perplexity_change_percent", "perplexity (%)", value -> Numerals.signed(value, 2)),
                effect -> 100 * Math.expm1(effect.loss().mean()));
        table.text("finding", "finding", Effect::finding);
        table.whole(
                Column.number("windows", "windows", value -> Numerals.fixed(value, 0)),
                effect -> effect.loss().size());
        table.note("Loss of the cell with the part minus loss of the cell that has everything else alike, on the same"
                + " windows; " + Numerals.fixed(100 * PairedDifference.LEVEL, 0)
                + " % paired bootstrap interval over windows, seed " + Difference.SEED
                + "; open: the interval holds zero. The mean is taken window by window over the combinations of the"
                + " other parts, before resampling.");
        return table.build(
                effect -> effect.model() + "\n" + effect.protocol() + "\n" + effect.bits() + "\n" + effect.part());
    }
}
