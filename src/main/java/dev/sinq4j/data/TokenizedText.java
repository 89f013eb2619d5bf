package dev.sinq4j.data;

import dev.sinq4j.hub.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The tokens of a whole corpus.
 *
 * @param ids not to be modified
 */
public record TokenizedText(int[] ids) {

    /** How many tokens. */
    public int tokens() {
        return ids.length;
    }

    /** SHA-256 of the ids as 32-bit little-endian integers: equal if and only if text, join and tokenizer agree. */
    public String sha256() {
        return sha256(ids);
    }

    static String sha256(int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(ids.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(ids);
        return Sha256.of(bytes);
    }
}
