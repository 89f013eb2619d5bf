package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.report.cells.PerplexityProtocol;
import dev.sinq4j.results.CellResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every figure of a report that has something to show, model by model. */
public final class Figures {

    private final Cells cells;
    private final SeriesLooks looks;
    private final List<Figure> figures = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();

    private Figures(Cells cells, Labels labels) {
        this.cells = cells;
        this.looks = new SeriesLooks(cells, labels);
    }

    /** In the order of a report. */
    public static List<Figure> of(Cells cells, Labels labels) {
        Figures figures = new Figures(cells, labels);
        cells.models().forEach(figures::addModel);
        figures.addMemory();
        figures.add(TimeBySizeFigure.of(figures.unique("time-by-size"), cells.measured(), figures.looks));
        return List.copyOf(figures.figures);
    }

    private void addMemory() {
        List<PerplexityProtocol> protocols = PerplexityProtocol.all(cells.measured());
        for (PerplexityProtocol protocol : protocols) {
            String text = protocols.size() > 1 ? "-" + slug(protocol.dataset()) : "";
            add(MemoryParetoFigure.of(unique("pareto-memory" + text), cells.measured(), protocol, looks));
        }
    }

    private void addModel(String model) {
        List<CellResult> own = cells.of(model);
        String suffix = cells.models().size() > 1 ? "-" + slug(model) : "";
        List<PerplexityProtocol> protocols = PerplexityProtocol.all(own);
        for (PerplexityProtocol protocol : protocols) {
            String text = suffix + (protocols.size() > 1 ? "-" + slug(protocol.dataset()) : "");
            add(ParetoFigure.of(unique("pareto" + text), own, protocol, looks));
        }
        add(CostFigures.time(unique("quantization-time" + suffix), own, looks));
        add(CostFigures.speed(unique("speed" + suffix), own, looks));
        for (PerplexityProtocol protocol : protocols) {
            String text = suffix + (protocols.size() > 1 ? "-" + slug(protocol.dataset()) : "");
            add(WindowFigure.of(unique("windows" + text), own, protocol, looks));
        }
        add(FlipsFigure.of(unique("flips" + suffix), own, looks));
        add(ErrorDistributionFigure.of(unique("weight-error" + suffix), own, looks));
        own.stream()
                .map(CellResult::bits)
                .distinct()
                .forEach(bits -> add(HeatMapFigure.of(unique("layers-" + bits + "-bit" + suffix), bits, own, looks)));
    }

    private void add(@Nullable Figure figure) {
        if (figure != null) figures.add(figure);
    }

    private static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    /** Names of files differ even where names of models or texts are spelt alike. */
    private String unique(String name) {
        String free = name;
        for (int i = 2; !names.add(free); i++) free = name + "-" + i;
        return free;
    }
}
