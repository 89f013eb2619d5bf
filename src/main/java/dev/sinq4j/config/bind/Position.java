package dev.sinq4j.config.bind;

/**
 * Where something was written.
 *
 * @param source file as the user named it, or the command line option
 * @param line   from 1; 0 where the source has no lines
 * @param column from 1
 */
public record Position(String source, int line, int column) {

    /** A source without lines. */
    public static Position option(String text) {
        return new Position(text, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
