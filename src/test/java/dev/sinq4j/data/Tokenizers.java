package dev.sinq4j.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.LongStream;

/** Real tokenizers from the shared files, for tests. */
final class Tokenizers {

    private Tokenizers() {}

    static TextEncoder open(String path, boolean addSpecialTokens) {
        try {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                    Shared.path(path).toRealPath(), Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD"));
            return text -> LongStream.of(
                            tokenizer.encode(text, addSpecialTokens, false).getIds())
                    .mapToInt(Math::toIntExact)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
