package dev.sinq4j.tokenizer;

import dev.sinq4j.failure.UnavailableFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model's tokenizer, with the ids transformers gives. Special tokens written out in a text are recognised as such, by both ways
 * of encoding. Thread-safe.
 *
 * <p>What {@code clean_up_tokenization_spaces} asks for is not done: decoding never removes a blank.
 */
public final class Tokenizer {

    private final NativeTokenizer tokenizer;
    private final TokenizerSettings settings;
    private final int vocabularySize;
    private final OptionalInt bos;
    private final OptionalInt eosToken;
    private final Set<Integer> eos;
    private final boolean addsBos;

    private Tokenizer(String where, String json, TokenizerSettings settings) {
        this.settings = settings;
        this.tokenizer = NativeTokenizer.parse(where, json);
        Vocabulary vocabulary =
                Vocabulary.scan(where, json, Set.copyOf(settings.specialTokens().values()));
        this.vocabularySize = vocabulary.size();
        this.bos = idOf("bos_token", vocabulary, settings.bosId());
        this.eosToken = idOf("eos_token", vocabulary, OptionalInt.empty());
        this.eos = eosIds(settings, eosToken);
        if (settings.addsBos().orElse(false) && bos.isEmpty())
            throw new UnavailableFailure(where + ": add_bos_token asks for a bos_token that is no token");
        this.addsBos = settings.addsBos().orElseGet(this::postProcessorAddsBos);
    }

    /**
     * Reads a model's folder: {@code tokenizer.json} and what other files say about special tokens and the chat template.
     *
     * @throws UnavailableFailure if the tokenizer is absent or damaged
     */
    public static Tokenizer open(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.exists(file)) {
            String hint = Files.exists(folder.resolve("tokenizer.model"))
                    ? " (tokenizer.model is there: convert it once, with transformers' AutoTokenizer and"
                            + " save_pretrained)"
                    : "";
            throw new UnavailableFailure(folder + ": no tokenizer.json" + hint);
        }
        return new Tokenizer(file.toString(), TokenizerSettings.text(file), TokenizerSettings.read(folder));
    }

    /** Reads one {@code tokenizer.json} without the files that may lie beside it; no token is known by its role then. */
    public static Tokenizer openFile(Path file) {
        if (!Files.exists(file)) throw new UnavailableFailure(file + ": no such file");
        return new Tokenizer(file.toString(), TokenizerSettings.text(file), TokenizerSettings.NONE);
    }

    /**
     * Takes the files of a model's folder as texts, for models that have no folder.
     *
     * @param where how messages call their source
     * @param files text by name; tokenizer.json at least
     */
    public static Tokenizer of(String where, Map<String, String> files) {
        @Nullable String json = files.get("tokenizer.json");
        if (json == null) throw new UnavailableFailure(where + ": no tokenizer.json");
        return new Tokenizer(where, json, TokenizerSettings.read(name -> Optional.ofNullable(files.get(name))));
    }

    /** Ids of a text as a model expects it, with what the tokenizer puts in front and behind. */
    public int[] encode(String text) {
        if (settings.addsBos().isEmpty()) return tokenizer.encode(wellFormed(text), true);
        int[] ordinary = encodeOrdinary(text);
        int before = addsBos ? 1 : 0;
        OptionalInt after = settings.addsEos() ? eosToken : OptionalInt.empty();
        int[] ids = new int[before + ordinary.length + (after.isPresent() ? 1 : 0)];
        if (addsBos) ids[0] = bos.getAsInt();
        System.arraycopy(ordinary, 0, ids, before, ordinary.length);
        after.ifPresent(id -> ids[ids.length - 1] = id);
        return ids;
    }

    /** Ids of a text and nothing else; for continuations and rendered chat templates. */
    public int[] encodeOrdinary(String text) {
        return tokenizer.encode(wellFormed(text), false);
    }

    /** The text of some ids, special tokens written out. Bytes that are no UTF-8 become U+FFFD. */
    public String decode(int... ids) {
        return tokenizer.decode(ids, false);
    }

    /** The text of some ids without the special tokens among them. */
    public String decodeText(int... ids) {
        return tokenizer.decode(ids, true);
    }

    /** Decodes a generation token by token; special tokens are left out. */
    public StreamingDecoder streamingDecoder() {
        return new StreamingDecoder(this::decodeText);
    }

    /** The beginning-of-text token, if the tokenizer has one. */
    public OptionalInt bos() {
        return bos;
    }

    /** The tokens that end a generation; may be empty. */
    public Set<Integer> eos() {
        return eos;
    }

    /** Highest id plus one, special tokens included; a model's embedding may have more rows. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** Whether {@link #encode} puts the beginning-of-text token in front. */
    public boolean addsBos() {
        return addsBos;
    }

    /** The Jinja text that turns a conversation into a prompt, if the model brings one. */
    public Optional<String> chatTemplate() {
        return settings.chatTemplate();
    }

    /** The named special tokens as text: bos_token, eos_token, ... */
    public Map<String, String> specialTokens() {
        return settings.specialTokens();
    }

    private OptionalInt idOf(String role, Vocabulary vocabulary, OptionalInt otherwise) {
        @Nullable String token = settings.specialTokens().get(role);
        @Nullable Integer id = token == null ? null : vocabulary.id(token);
        return id == null ? otherwise : OptionalInt.of(id);
    }

    private static Set<Integer> eosIds(TokenizerSettings settings, OptionalInt token) {
        Set<Integer> ids = new LinkedHashSet<>(settings.eosIds());
        if (ids.isEmpty()) token.ifPresent(ids::add);
        return Collections.unmodifiableSet(ids);
    }

    private boolean postProcessorAddsBos() {
        int[] ids = tokenizer.encode("", true);
        return bos.isPresent() && ids.length > 0 && ids[0] == bos.getAsInt();
    }

    /** The native side takes no half surrogates; like bytes that are no UTF-8, they become U+FFFD. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            if (i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) i++;
            else return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
        }
        return text;
    }
}
