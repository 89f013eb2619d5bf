package dev.sinq4j.tokenizer.jinja;

/**
 * What a name nobody set or a key nobody put stands for: false, empty, and printed as nothing.
 *
 * @param what how messages call it
 */
record Undefined(String what) {

    JinjaException used() {
        return new JinjaException(what + " is undefined");
    }
}
