package dev.sinq4j.tokenizer;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Text of a growing sequence of tokens, piece by piece, never half a character: where a token ends inside a character (byte-level
 * tokens split them), its text waits for the next. The pieces joined are the text of the whole sequence.
 *
 * <p>A token's text can depend on the one before it (SentencePiece drops the first blank of a text), so each step decodes the
 * tokens since the last but one piece and returns what is new.
 */
public final class StreamingDecoder {

    private static final String INCOMPLETE = "\uFFFD";
    /** A character has at most four bytes, so after this many tokens the end is not half a character but no text at all. */
    private static final int MAX_WAITING = 16;

    private final Function<int[], String> decode;
    private int[] ids = new int[16];
    private int size;
    /** First token of the window that is decoded; a piece's start. */
    private int start;
    /** Tokens before this one have been returned as text. */
    private int done;

    StreamingDecoder(Function<int[], String> decode) {
        this.decode = decode;
    }

    /** Takes the next token; returns the text that is certain now, often of this token, sometimes empty. */
    public String add(int id) {
        if (size == ids.length) ids = Arrays.copyOf(ids, 2 * size);
        ids[size++] = id;
        String text = text(size);
        if (text.endsWith(INCOMPLETE) && size - done < MAX_WAITING) return "";
        return piece(text);
    }

    /** The rest, when no token will follow; half a character becomes U+FFFD. */
    public String finish() {
        return piece(text(size));
    }

    private String piece(String text) {
        String known = text(done);
        start = done;
        done = size;
        return text.substring(Math.min(known.length(), text.length()));
    }

    private String text(int end) {
        return decode.apply(Arrays.copyOfRange(ids, start, end));
    }
}
