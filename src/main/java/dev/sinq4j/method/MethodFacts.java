package dev.sinq4j.method;

import java.util.Set;

/**
 * What a reader of a table of methods wants to know of one; its calibration, bits and sizes follow from
 * {@link Methods#resolve}.
 *
 * @param name    in configurations and results
 * @param does    in one sentence
 * @param source  where its definition stands
 * @param oracle  what the tests hold it to
 * @param options settings it has besides bits, group, tiling and auxiliaries
 */
public record MethodFacts(String name, String does, String source, String oracle, Set<MethodOption> options) {
    public MethodFacts {
        options = Set.copyOf(options);
    }
}
