package dev.sinq4j.report.cells;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.statistics.PairedDifference;
import java.util.ArrayList;
import java.util.List;

/**
 * Two cells of one model compared on the same windows of one text.
 *
 * @param loss loss of the first minus loss of the second, nats per token; below zero where the first is better
 */
public record Difference(PerplexityProtocol protocol, CellResult first, CellResult second, PairedDifference loss) {

    /** Seed of every resampling in a report, so that reports rebuild to the same bytes. */
    public static final long SEED = 42;

    /** Each cell against the dense one and against every other of the same bits, for every protocol. */
    public static List<Difference> all(Cells cells) {
        List<Difference> found = new ArrayList<>();
        for (String model : cells.models()) {
            List<CellResult> ofModel = cells.of(model);
            for (PerplexityProtocol protocol : PerplexityProtocol.all(ofModel)) add(found, protocol, ofModel);
        }
        return found;
    }

    private static void add(List<Difference> found, PerplexityProtocol protocol, List<CellResult> cells) {
        for (int i = 0; i < cells.size(); i++) {
            for (int j = 0; j < i; j++) {
                CellResult first = cells.get(i);
                CellResult second = cells.get(j);
                if (comparable(protocol, first, second)) found.add(of(protocol, first, second));
            }
        }
    }

    private static boolean comparable(PerplexityProtocol protocol, CellResult first, CellResult second) {
        Perplexity of = protocol.in(first);
        Perplexity other = protocol.in(second);
        return of != null
                && other != null
                && of.windowNll().size() > 1
                && of.windowNll().size() == other.windowNll().size()
                && (Cells.isDense(second) || first.bits() == second.bits());
    }

    private static Difference of(PerplexityProtocol protocol, CellResult first, CellResult second) {
        return new Difference(
                protocol, first, second, PairedDifference.of(losses(protocol, first), losses(protocol, second), SEED));
    }

    private static double[] losses(PerplexityProtocol protocol, CellResult cell) {
        Perplexity perplexity = protocol.in(cell);
        if (perplexity == null) throw new IllegalArgumentException("cell " + cell.cell() + " has no " + protocol);
        return perplexity.windowNll().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Whether the second is the unquantized model. */
    public boolean againstDense() {
        return Cells.isDense(second);
    }

    /** How much larger the first's perplexity is, as a share of the second's. */
    public double perplexityChange() {
        return Math.expm1(loss.mean());
    }
}
