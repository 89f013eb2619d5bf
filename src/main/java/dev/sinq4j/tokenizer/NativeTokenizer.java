package dev.sinq4j.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Rust tokenizers library, as DJL binds it, reduced to ids. DJL's own class above it would also fetch strings and character
 * spans for every token and report its use to a server; here neither happens. Thread-safe; the native memory goes with this
 * object.
 */
final class NativeTokenizer {

    private static final Cleaner CLEANER = Cleaner.create();

    private final long handle;

    private NativeTokenizer(long handle) {
        this.handle = handle;
        CLEANER.register(this, () -> TokenizersLibrary.LIB.deleteTokenizer(handle));
    }

    /**
     * @param where how messages call the text
     * @param json  a {@code tokenizer.json}
     */
    static NativeTokenizer parse(String where, String json) {
        StrictJson.require(where, json);
        TemplateCheck.require(where, json);
        load();
        try {
            long handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
            // whatever the file says, texts are neither cut nor filled up
            TokenizersLibrary.LIB.disableTruncation(handle);
            TokenizersLibrary.LIB.disablePadding(handle);
            return new NativeTokenizer(handle);
        } catch (RuntimeException e) {
            throw new UnavailableFailure(where + ": not a tokenizer this program can read: " + e.getMessage(), e);
        }
    }

    /** @param special whether the post-processor adds its special tokens */
    int[] encode(String text, boolean special) {
        try {
            long encoding = TokenizersLibrary.LIB.encode(handle, text, special);
            try {
                return ints(TokenizersLibrary.LIB.getTokenIds(encoding));
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** @param skipSpecial whether special tokens are left out of the text */
    String decode(int[] ids, boolean skipSpecial) {
        long[] longs = new long[ids.length];
        for (int i = 0; i < ids.length; i++) longs[i] = ids[i];
        try {
            return TokenizersLibrary.LIB.decode(handle, longs, skipSpecial);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static int[] ints(long[] values) {
        int[] ints = new int[values.length];
        for (int i = 0; i < values.length; i++) ints[i] = Math.toIntExact(values[i]);
        return ints;
    }

    /**
     * Loads the library inside the jar. Offline: on a GPU machine DJL would otherwise download another build of it. Unpacked
     * into a folder of this user's, because DJL runs whatever lies where it would unpack to.
     */
    private static synchronized void load() {
        System.setProperty("ai.djl.offline", "true");
        if (System.getenv("DJL_CACHE_DIR") == null && System.getProperty("DJL_CACHE_DIR") == null)
            System.setProperty("DJL_CACHE_DIR", privateFolder().toString());
        try {
            LibUtils.checkStatus();
        } catch (RuntimeException | LinkageError e) {
            throw new UnavailableFailure("the tokenizers library cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static Path privateFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        Path folder = (cache == null || cache.isBlank() ? home.resolve(".cache") : Path.of(cache)).resolve("sinq4j");
        try {
            Files.createDirectories(folder);
            if (Files.isWritable(folder)) return folder;
        } catch (IOException unwritable) {
            // no home to speak of, as in some containers: a new folder does
        }
        try {
            return Files.createTempDirectory("sinq4j");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder to unpack the tokenizers library to", e);
        }
    }
}
