package dev.sinq4j.config;

import java.util.List;

/** The names that configurations under test may use. */
final class Catalogs {

    static final Catalog SMALL = new Catalog(
            List.of("wikitext2", "c4", "ptb"),
            List.of("piqa", "hellaswag", "mmlu"),
            List.of("bundled", "reference-prompts"));

    private Catalogs() {}
}
