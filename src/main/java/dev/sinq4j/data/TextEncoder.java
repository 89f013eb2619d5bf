package dev.sinq4j.data;

/** Text to token ids, with the special tokens the model's tokenizer adds by itself (none, or a beginning-of-text token). */
@FunctionalInterface
public interface TextEncoder {

    int[] encode(String text);
}
