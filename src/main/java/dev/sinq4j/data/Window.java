package dev.sinq4j.data;

/**
 * One stretch of tokens the model sees at once.
 *
 * @param start      index of its first token in the whole text
 * @param ids        tokens; not to be modified
 * @param scoredFrom index into {@code ids} of the first token whose loss counts: at least 1, since nothing predicts the first
 */
public record Window(int start, int[] ids, int scoredFrom) {

    /** How many tokens' losses count. */
    public int scored() {
        return ids.length - scoredFrom;
    }

    /** SHA-256 of the ids as 32-bit little-endian integers. */
    public String sha256() {
        return TokenizedText.sha256(ids);
    }
}
