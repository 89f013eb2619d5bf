package dev.sinq4j.experiment;

import dev.sinq4j.config.DatasetConfig;
import dev.sinq4j.data.Corpus;
import dev.sinq4j.data.CorpusFile;
import dev.sinq4j.data.KnownCorpora;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.hub.FileSource;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The texts a configuration names.
 *
 * @param files where files of the hub come from
 * @param base  folder that relative paths count from
 */
public record Datasets(FileSource files, Path base) {

    /** Relative paths count from the working directory. */
    public Datasets(FileSource files) {
        this(files, Path.of(""));
    }

    /**
     * Finds a dataset's file and checks it.
     *
     * @throws dev.sinq4j.failure.UnavailableFailure if it is not there
     */
    public CorpusFile locate(DatasetConfig dataset) {
        return CorpusFile.locate(corpus(dataset), files);
    }

    private Corpus corpus(DatasetConfig dataset) {
        String name = dataset.name();
        if (dataset.text() != null) return Corpus.text(name, base.resolve(dataset.text()));
        String column = Objects.requireNonNullElse(dataset.column(), DatasetConfig.DEFAULT_COLUMN);
        if (dataset.parquet() != null) return Corpus.parquet(name, base.resolve(dataset.parquet()), column);
        if (dataset.jsonl() != null) return Corpus.jsonLines(name, base.resolve(dataset.jsonl()), column);
        return KnownCorpora.find(name)
                .orElseThrow(() -> new UsageFailure("there is no dataset '" + name + "'; known are "
                        + String.join(", ", KnownCorpora.names()) + ", or give a file: {name: mine, text: FILE}"));
    }
}
