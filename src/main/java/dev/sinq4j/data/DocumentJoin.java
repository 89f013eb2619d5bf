package dev.sinq4j.data;

import java.util.List;

/** How documents become one sequence of tokens. It is part of the protocol: other joins give other perplexities. */
public sealed interface DocumentJoin {

    /** As results name it. */
    String description();

    /** The documents with a string between them, tokenized as one text. */
    record Between(String separator) implements DocumentJoin {

        @Override
        public String description() {
            return separator;
        }
    }

    /** Each document tokenized by itself, their tokens one after the other. */
    record Apart() implements DocumentJoin {

        @Override
        public String description() {
            return "documents tokenized apart";
        }
    }

    /**
     * Fixed stretches: tokens {@code [offset, offset + length)} of a document tokenized by itself, one after the other. A
     * document with fewer tokens under the tokenizer at hand gives as many as it has, as in the reference.
     *
     * @param length tokens of a stretch
     */
    record Stretches(List<Position> positions, int length) implements DocumentJoin {

        public Stretches {
            positions = List.copyOf(positions);
        }

        /** Where a stretch begins. */
        public record Position(int document, int offset) {}

        @Override
        public String description() {
            return positions.size() + " fixed stretches of " + length + " tokens";
        }
    }
}
