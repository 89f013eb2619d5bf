package dev.sinq4j.config;

/** Where the beginning-of-text token stands when a text is measured. */
public enum Bos {
    /** In front of the text, if the tokenizer puts it there. */
    AUTO,
    /** Nowhere. */
    NONE,
    /** In place of the first token of every window. */
    WINDOW
}
