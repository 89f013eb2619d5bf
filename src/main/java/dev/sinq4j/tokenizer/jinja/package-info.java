/**
 * The Jinja template language as chat templates use it, with Python's semantics: what Jinja2 3.1 renders in the sandboxed
 * environment of transformers, character for character. Engines for the JVM follow Java's semantics where it shows (truth, scope,
 * text of values, string methods) and then render a wrong prompt without a word; hence this one.
 */
@NullMarked
package dev.sinq4j.tokenizer.jinja;

import org.jspecify.annotations.NullMarked;
