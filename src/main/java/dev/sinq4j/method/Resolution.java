package dev.sinq4j.method;

import java.util.List;

/** What became of a {@link MethodRequest}. */
public sealed interface Resolution {

    /** The method, every default filled in. */
    record Accepted(Method method) implements Resolution {}

    /** Every reason why there is no such method; at least one. */
    record Refused(List<Refusal> refusals) implements Resolution {
        public Refused {
            refusals = List.copyOf(refusals);
        }
    }

    /**
     * @param field  {@code method}, {@code bits}, {@code group}, {@code tiling}, {@code aux}, {@code reference-exact} or
     *               {@code act-order}
     * @param reason what is wrong and what to write instead, such as {@code NF4 has 16 levels, so bits must be 4, not 3}
     */
    record Refusal(String field, String reason) {}
}
