package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.config.Catalog;
import dev.sinq4j.config.ConfigLoader;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.CellResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small experiments on the bundled model. */
final class Quickstart {

    static final String HEAD = """
        experiment: small
        models: [{id: experiments/quickstart/model}]
        metrics:
          perplexity: {datasets: [{name: stories, text: experiments/quickstart/stories.txt}], window: 256, windows: 2}
        """;

    private Quickstart() {}

    static ExperimentConfig config(Path folder, String methods) throws IOException {
        return config(folder, methods, HEAD);
    }

    static ExperimentConfig config(Path folder, String methods, String head) throws IOException {
        Path file = folder.resolve("small.yaml");
        Files.writeString(file, head + "methods: " + methods + "\n");
        return new ConfigLoader(new Catalog(List.of(), List.of(), Calibrations.names())).load(file, List.of());
    }

    static ExperimentRunner.Outcome run(ExperimentConfig config, Path results, RunListener listener) {
        return run(config, results, Optional.empty(), listener);
    }

    static ExperimentRunner.Outcome run(
            ExperimentConfig config, Path results, RunListener listener, Progress progress) {
        return run(config, results, Optional.empty(), listener, progress);
    }

    static ExperimentRunner.Outcome run(
            ExperimentConfig config, Path results, Optional<QuantizedLayerCache> cache, RunListener listener) {
        return run(config, results, cache, listener, Progress.SILENT);
    }

    private static ExperimentRunner.Outcome run(
            ExperimentConfig config,
            Path results,
            Optional<QuantizedLayerCache> cache,
            RunListener listener,
            Progress progress) {
        return experiment(config, cache).run(Cells.of(config), results, listener, progress);
    }

    static Experiment experiment(ExperimentConfig config) {
        return experiment(config, Optional.empty());
    }

    private static Experiment experiment(ExperimentConfig config, Optional<QuantizedLayerCache> cache) {
        FileSource nowhere = (repo, revision, file, argument) -> {
            throw new AssertionError("nothing may be fetched: " + repo);
        };
        ModelLocator local = new ModelLocator(reference -> {
            throw new AssertionError("nothing may be fetched: " + reference);
        });
        return new Experiment(config, "test", local, nowhere, cache);
    }

    /** Remembers what it was told. */
    static final class Recorder implements RunListener {

        final List<String> kept = new ArrayList<>();
        final List<CellResult> stored = new ArrayList<>();

        @Override
        public void opened(Path folder) {}

        @Override
        public void warning(String message) {}

        @Override
        public void started(Cell cell, int number, int of) {}

        @Override
        public void kept(Cell cell) {
            kept.add(cell.methodLabel());
        }

        @Override
        public void stored(Cell cell, CellResult result) {
            stored.add(result);
        }
    }
}
