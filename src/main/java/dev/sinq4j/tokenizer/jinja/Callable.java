package dev.sinq4j.tokenizer.jinja;

/** Something a template can call: a function, a method bound to its value, a macro. */
@FunctionalInterface
interface Callable {

    Object call(Arguments arguments);
}
