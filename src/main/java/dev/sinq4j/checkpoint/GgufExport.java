package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.gguf.GgufFileType;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Quantized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/**
 * Writes a model as one GGUF file, matrix by matrix; the file appears under its name only when everything is on the disk.
 *
 * @param config  the model's config.json; the tokenizer's files are taken from beside it
 * @param layers  does what is done before the matrices are rounded to the file's blocks
 * @param type    what the matrices are stored as
 * @param out     file to write
 * @param replace whether a file that is there may be replaced
 */
public record GgufExport(Path config, LayerStream layers, GgufFileType type, Path out, boolean replace) {

    private static final String ENDING = ".gguf";
    private static final double SLACK = 1.05;
    private static final long HEADER = 64L << 20;

    /** @throws UsageFailure if the path names no GGUF file */
    public GgufExport {
        if (!String.valueOf(out.getFileName()).endsWith(ENDING))
            throw new UsageFailure("--format gguf writes one file, whose name ends in " + ENDING + "; --out is " + out);
    }

    /**
     * Runs it.
     *
     * @param finished hears of every layer once it is there, with its warnings
     * @throws UsageFailure       if the file is there and may not be replaced, or the format cannot say what the model is
     * @throws UnavailableFailure if the disk is too small or a tensor cannot be quantized
     */
    public ExportResult run(ModelSource source, BiConsumer<Linear, Quantized> finished) {
        long start = System.nanoTime();
        requireReplaceable();
        requireSpace(source.architecture());
        try (GgufCheckpointWriter writer = new GgufCheckpointWriter(out, source, type, TokenizerFiles.beside(config));
                ExportedModel model = new ExportedModel(source, false, writer)) {
            layers.forEach(source, finished.andThen(model::add));
            model.finish();
            Architecture architecture = source.architecture();
            return new ExportResult(
                    (System.nanoTime() - start) / 1e9,
                    architecture.parameterCount(),
                    writer.bytes(),
                    8.0 * writer.quantizableBytes() / architecture.quantizableCount(),
                    out.toString());
        }
    }

    private void requireReplaceable() {
        if (Files.isDirectory(out)) throw new UsageFailure(out + " is a folder; --out has to name a file");
        if (Files.exists(out) && !replace)
            throw new UsageFailure(out + " is there already; pass --force to replace it");
    }

    private void requireSpace(Architecture architecture) {
        long others = architecture.parameterCount() - architecture.quantizableCount();
        double matrices = architecture.linears().stream()
                .filter(Linear::quantizable)
                .mapToDouble(linear ->
                        (double) linear.rows() * type.ofMatrix(linear.columns()).bytes(linear.columns()))
                .sum();
        try {
            Path parent =
                    Files.createDirectories(out.toAbsolutePath().normalize().getParent());
            OutputFolder.requireSpace(parent, (long) (SLACK * (matrices + 4.0 * others)) + HEADER);
        } catch (IOException e) {
            throw new UnavailableFailure(out + ": cannot be written: " + e, e);
        }
    }
}
