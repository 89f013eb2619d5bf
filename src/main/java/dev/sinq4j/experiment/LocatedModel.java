package dev.sinq4j.experiment;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.SyntheticModel;
import dev.sinq4j.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that is on this machine and open.
 *
 * @param name   as the user wrote it
 * @param source its numbers; closed by {@link #close}
 * @param folder in Hugging Face layout, with the tokenizer's files; empty for synthetic models
 */
public record LocatedModel(String name, ModelSource source, Optional<Path> folder) implements AutoCloseable {

    /**
     * The model's tokenizer.
     *
     * @throws UnavailableFailure if the model has none
     */
    public Tokenizer tokenizer() {
        return Tokenizer.open(folder.orElseThrow(() -> new UnavailableFailure(
                name + " has no tokenizer: a synthetic model can be measured for speed and memory only")));
    }

    /** The config.json that describes the model; the tokenizer's files, where there are any, lie beside it. */
    public Path config() {
        return folder.map(path -> path.resolve("config.json")).orElseGet(() -> ((SyntheticModel) source).config());
    }

    @Override
    public void close() {
        source.close();
    }
}
