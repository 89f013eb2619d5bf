package dev.sinq4j.config;

import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.config.MetricsConfig.PerplexityConfig;
import dev.sinq4j.config.MetricsConfig.TasksConfig;
import dev.sinq4j.config.bind.Hint;
import dev.sinq4j.config.bind.Place;
import dev.sinq4j.config.bind.RecordBinder;
import dev.sinq4j.method.NearestName;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must hold beyond types: known names, files that exist, settings that go together. Fills in what depends on them. */
final class ConfigRules implements RecordBinder.Rules {

    /** What the numbers of a table are called in its folder. */
    private static final String PAPER_FILE = "paper.yaml";

    private final Catalog catalog;
    private final FileLookup files;

    ConfigRules(Catalog catalog, FileLookup files) {
        this.catalog = catalog;
        this.files = files;
    }

    @Override
    public Object refine(Object bound, Place place) {
        return switch (bound) {
            case ModelConfig model -> new ModelRules(files).refine(model, place);
            case MethodConfig method -> new MethodRules(method, place).refine();
            case CalibrationConfig calibration -> calibration(calibration, place);
            case DatasetConfig dataset -> dataset(dataset, place);
            case TaskConfig task -> task(task, place);
            case TasksConfig tasks -> tasks(tasks, place);
            case PerplexityConfig perplexity -> perplexity(perplexity, place);
            case ReportConfig report -> report(report, place);
            case ExperimentConfig experiment -> experiment(experiment, place);
            default -> bound;
        };
    }

    private CalibrationConfig calibration(CalibrationConfig calibration, Place place) {
        if (catalog.calibrationTexts().contains(calibration.text())) return calibration;
        String text = file(
                calibration.text(),
                place.child("text"),
                Hint.to(calibration.text(), catalog.calibrationTexts(), "known texts are"));
        return new CalibrationConfig(text, calibration.tokens(), calibration.blocks());
    }

    private DatasetConfig dataset(DatasetConfig dataset, Place place) {
        long sources = Stream.of(dataset.text(), dataset.parquet(), dataset.jsonl())
                .filter(Objects::nonNull)
                .count();
        if (sources > 1) place.report("text, parquet and jsonl exclude each other; keep one");
        boolean hasColumns = dataset.parquet() != null || dataset.jsonl() != null;
        if (dataset.column() != null && !hasColumns)
            place.child("column").report("only a parquet or jsonl file has columns; remove it");
        if (sources == 0) known(dataset, place);
        String column = dataset.column() == null ? DatasetConfig.DEFAULT_COLUMN : dataset.column();
        return new DatasetConfig(
                dataset.name(),
                optionalFile(dataset.text(), place.child("text")),
                optionalFile(dataset.parquet(), place.child("parquet")),
                optionalFile(dataset.jsonl(), place.child("jsonl")),
                hasColumns ? column : null);
    }

    private void known(DatasetConfig dataset, Place place) {
        if (catalog.datasets().contains(dataset.name())) return;
        String hint = NearestName.of(dataset.name(), catalog.datasets())
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("; known are " + String.join(", ", catalog.datasets()) + "; a file of your own is {name: "
                        + dataset.name() + ", text: PATH}");
        place.child("name").report("'" + dataset.name() + "' is no known dataset" + hint);
    }

    private TaskConfig task(TaskConfig task, Place place) {
        if (!catalog.tasks().contains(task.name()))
            place.child("name")
                    .report("'" + task.name() + "' is no known task"
                            + Hint.to(task.name(), catalog.tasks(), "known are"));
        if (task.parquet() != null && task.jsonl() != null)
            place.report("parquet and jsonl exclude each other; keep one");
        return new TaskConfig(
                task.name(),
                optionalFile(task.parquet(), place.child("parquet")),
                optionalFile(task.jsonl(), place.child("jsonl")),
                optionalFile(task.examples(), place.child("examples")));
    }

    private static TasksConfig tasks(TasksConfig tasks, Place place) {
        Set<String> names = new HashSet<>();
        for (TaskConfig task : tasks.names())
            if (!names.add(task.name()))
                place.child("names").report("the task '" + task.name() + "' stands twice; results are named by task");
        return tasks;
    }

    /** A table of the paper by its name is the folder of that name among the experiments. */
    private ReportConfig report(ReportConfig report, Place place) {
        String paper = report.paper();
        if (paper == null) return report;
        Optional<String> found = Stream.of(
                        paper, "experiments/" + paper + "/" + PAPER_FILE, "../" + paper + "/" + PAPER_FILE)
                .flatMap(candidate -> files.findFile(candidate).stream())
                .findFirst();
        if (found.isEmpty())
            place.child("paper")
                    .report("'" + paper + "' is no file, and there is no experiments/" + paper + "/" + PAPER_FILE
                            + "; name a table such as table-1, or a file with a table's numbers");
        return new ReportConfig(report.tables(), report.figures(), report.page(), found.orElse(paper));
    }

    private static PerplexityConfig perplexity(PerplexityConfig perplexity, Place place) {
        int stride = perplexity.stride() == null ? perplexity.window() : perplexity.stride();
        if (stride > perplexity.window())
            place.child("stride")
                    .report(stride + " is more than the window of " + perplexity.window()
                            + ", so that tokens would be skipped");
        return new PerplexityConfig(
                perplexity.datasets(), perplexity.window(), stride, perplexity.windows(), perplexity.bos());
    }

    private static ExperimentConfig experiment(ExperimentConfig experiment, Place place) {
        // an item that could not be made is missing from its list, and places would be off by one
        if (place.child("methods").hasItems(experiment.methods().size())) uniqueCells(experiment, place);
        if (!place.child("models").hasItems(experiment.models().size())) return experiment;
        for (int i = 0; i < experiment.models().size(); i++)
            if (experiment.models().get(i).isSynthetic())
                measuresNoAccuracy(experiment.metrics(), place.child("models").item(i));
        return experiment;
    }

    private static void uniqueCells(ExperimentConfig experiment, Place place) {
        Set<MethodSettings> seen = new HashSet<>();
        for (int i = 0; i < experiment.methods().size(); i++)
            for (MethodSettings cell : experiment.methods().get(i).cells())
                if (!seen.add(cell)) {
                    place.child("methods").item(i).report("the cell " + cell.label() + " stands twice");
                    break;
                }
    }

    private static void measuresNoAccuracy(MetricsConfig metrics, Place place) {
        String asked = metrics.perplexity() != null
                ? "perplexity"
                : metrics.divergence() != null ? "divergence" : metrics.tasks() != null ? "tasks" : "";
        if (!asked.isEmpty())
            place.report("a synthetic model has speed and memory only; remove metrics." + asked + " or the model");
    }

    private @Nullable String optionalFile(@Nullable String written, Place place) {
        return written == null ? null : file(written, place, "");
    }

    private String file(String written, Place place, String more) {
        return files.find(written).orElseGet(() -> {
            place.report(files.missing(written) + more);
            return written;
        });
    }
}
