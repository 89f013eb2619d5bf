package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.gguf.GgufEntries;
import dev.sinq4j.gguf.TokenizerEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A model's {@code tokenizer.json}, and {@code tokenizer_config.json} beside it where there is one. */
record TokenizerFiles(Path tokenizer) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Those beside a config.json; empty for a model without a tokenizer. */
    static Optional<TokenizerFiles> beside(Path config) {
        return Optional.of(config.resolveSibling("tokenizer.json"))
                .filter(Files::isRegularFile)
                .map(TokenizerFiles::new);
    }

    /** Writes them as metadata, or that there is none. */
    static void add(Optional<TokenizerFiles> files, GgufEntries entries, int vocabulary) {
        files.ifPresentOrElse(tokenizer -> tokenizer.add(entries, vocabulary), () -> TokenizerEntries.none(entries));
    }

    private void add(GgufEntries entries, int vocabulary) {
        Path settings = tokenizer.resolveSibling("tokenizer_config.json");
        new TokenizerEntries(
                        tokenizer.toString(),
                        read(tokenizer),
                        Files.isRegularFile(settings) ? read(settings) : MissingNode.getInstance())
                .add(entries, vocabulary);
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UnavailableFailure(file + ": cannot be read as JSON: " + e.getMessage(), e);
        }
    }
}
