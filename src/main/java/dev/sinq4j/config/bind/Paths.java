package dev.sinq4j.config.bind;

/** Spells paths of keys, such as {@code methods[2].bits}. */
public final class Paths {

    private Paths() {}

    /** The path of a key of a mapping; the document's own path is empty. */
    public static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The path of an item of a list, counted from 0. */
    public static String item(String path, int index) {
        return path + "[" + index + "]";
    }
}
