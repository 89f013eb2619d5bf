package dev.sinq4j.config.bind;

/**
 * One mistake.
 *
 * @param at      where it is
 * @param path    of the key, such as {@code methods[2].bits}; empty for the document as a whole
 * @param message what was found, what is right
 */
public record Problem(Position at, String path, String message) {

    @Override
    public String toString() {
        return path.isEmpty() ? at + ": " + message : at + ": " + path + ": " + message;
    }
}
