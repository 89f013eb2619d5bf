package dev.sinq4j.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@code tokenizer.json} that does what SentencePiece's BPE does: blanks are written as {@value #BLANK}, unknown
 * characters as their bytes, and of two neighbours those are merged first whose common token has the larger score.
 *
 * <p>Source: how transformers makes merges of a SentencePiece vocabulary ({@code generate_merges}).
 */
final class SentencePiece {

    static final String BLANK = "▁";

    /** Longer tokens are matched by nobody and would take long to cut. */
    private static final int LONGEST = 512;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SentencePiece() {}

    /** @param prefix whether a text gets a blank in front */
    static ObjectNode normalizer(boolean prefix) {
        ObjectNode normalizer = typed("Sequence");
        ArrayNode steps = normalizer.putArray("normalizers");
        if (prefix) steps.add(typed("Prepend").put("prepend", BLANK));
        steps.add(replace(" ", BLANK));
        return normalizer;
    }

    static ObjectNode decoder(boolean prefix) {
        ObjectNode decoder = typed("Sequence");
        ArrayNode steps = decoder.putArray("decoders");
        steps.add(replace(BLANK, " "));
        steps.add(typed("ByteFallback"));
        steps.add(typed("Fuse"));
        if (prefix) steps.add(typed("Strip").put("content", " ").put("start", 1).put("stop", 0));
        return decoder;
    }

    /**
     * @param scores of all tokens
     * @param unknown the token for what has not even bytes; null for none
     */
    static ObjectNode model(List<String> tokens, List<Double> scores, @Nullable String unknown) {
        ObjectNode model = typed("BPE");
        for (String option : List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix"))
            model.putNull(option);
        model.put("unk_token", unknown);
        model.put("fuse_unk", true);
        model.put("byte_fallback", true);
        model.put("ignore_merges", false);
        Map<String, Integer> ids = new HashMap<>();
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
            ids.put(tokens.get(id), id);
        }
        ArrayNode merges = model.putArray("merges");
        for (Merge merge : merges(tokens, scores, ids))
            merges.addArray().add(tokens.get(merge.left())).add(tokens.get(merge.right()));
        return model;
    }

    private record Merge(int left, int right, double score) {}

    private static List<Merge> merges(List<String> tokens, List<Double> scores, Map<String, Integer> ids) {
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (token.length() > LONGEST) continue;
            List<Merge> ofToken = new ArrayList<>();
            for (int cut = 1; cut < token.length(); cut++) {
                @Nullable Integer left = ids.get(token.substring(0, cut));
                @Nullable Integer right = ids.get(token.substring(cut));
                if (left != null && right != null) ofToken.add(new Merge(left, right, scores.get(id)));
            }
            ofToken.sort(Comparator.comparingInt(Merge::left).thenComparingInt(Merge::right));
            merges.addAll(ofToken);
        }
        merges.sort(Comparator.comparingDouble(Merge::score).reversed());
        return merges;
    }

    private static ObjectNode typed(String type) {
        return JSON.objectNode().put("type", type);
    }

    private static ObjectNode replace(String from, String to) {
        ObjectNode replace = typed("Replace");
        replace.putObject("pattern").put("String", from);
        return replace.put("content", to);
    }
}
