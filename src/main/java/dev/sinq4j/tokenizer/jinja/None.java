package dev.sinq4j.tokenizer.jinja;

/** Python's None. */
enum None {
    NONE;

    @Override
    public String toString() {
        return "None";
    }
}
