package dev.sinq4j.experiment;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.GgufSource;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.SyntheticModel;
import dev.sinq4j.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that is on this machine and open.
 *
 * @param name   as the user wrote it
 * @param source its numbers; closed by {@link #close}
 * @param folder in Hugging Face layout, with the tokenizer's files; empty for synthetic models and GGUF files
 */
public record LocatedModel(String name, ModelSource source, Optional<Path> folder) implements AutoCloseable {

    /**
     * The model's tokenizer.
     *
     * @throws UnavailableFailure if the model has none
     */
    public Tokenizer tokenizer() {
        Optional<Path> beside = tokenizerFile();
        if (source instanceof GgufSource gguf)
            return beside.map(file -> Tokenizer.open(file.toAbsolutePath().getParent()))
                    .orElseGet(() -> Tokenizer.of(name, gguf.tokenizerFiles()));
        return Tokenizer.open(folder.orElseThrow(() -> new UnavailableFailure(
                name + " has no tokenizer: a synthetic model can be measured for speed and memory only")));
    }

    /** The model's tokenizer.json, where it has one; one beside a GGUF file goes before what the file says. */
    public Optional<Path> tokenizerFile() {
        Path file = source instanceof GgufSource
                ? Path.of(name).resolveSibling("tokenizer.json")
                : folder.map(path -> path.resolve("tokenizer.json")).orElse(null);
        return Optional.ofNullable(file).filter(Files::isRegularFile);
    }

    /**
     * The config.json that describes the model; the tokenizer's files, where there are any, lie beside it.
     *
     * @throws UnavailableFailure if it has none
     */
    public Path config() {
        if (folder.isPresent()) return folder.get().resolve("config.json");
        if (source instanceof SyntheticModel synthetic) return synthetic.config();
        throw new UnavailableFailure(
                name + " has no config.json beside it, which a checkpoint needs; give a directory in"
                        + " Hugging Face layout");
    }

    @Override
    public void close() {
        source.close();
    }
}
