package dev.sinq4j.hub;

import dev.sinq4j.failure.UsageFailure;
import java.util.regex.Pattern;

/**
 * A repository of the hub.
 *
 * @param kind model or dataset
 * @param name {@code organization/name}, or a bare {@code name} of the hub's early days such as {@code gpt2}
 */
public record RepoId(Kind kind, String name) {

    // the hub's own rule; it also keeps a name from climbing out of the cache folder
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_][\\w.-]{0,95}/)?[A-Za-z0-9_][\\w.-]{0,95}");

    /** What a repository holds; its name is the first word of the cache folder, in the plural. */
    public enum Kind {
        MODEL("model"),
        DATASET("dataset");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** {@code model} or {@code dataset}. */
        public String word() {
            return word;
        }
    }

    public RepoId {
        if (!NAME.matcher(name).matches() || name.contains("--") || name.contains(".."))
            throw new UsageFailure("'" + name + "' is not a hub id: expected organization/name, such as"
                    + " swiss-ai/Apertus-8B-2509");
    }

    public static RepoId model(String name) {
        return new RepoId(Kind.MODEL, name);
    }

    public static RepoId dataset(String name) {
        return new RepoId(Kind.DATASET, name);
    }

    /** The folder in the cache: {@code models--organization--name}. */
    String folder() {
        return kind.word() + "s--" + name.replace("/", "--");
    }

    /** The path of the repository's pages: {@code organization/name} or {@code datasets/organization/name}. */
    String pagePath() {
        return kind == Kind.MODEL ? name : "datasets/" + name;
    }

    /** As an error message names it: {@code model 'organization/name'}. */
    @Override
    public String toString() {
        return kind.word() + " '" + name + "'";
    }
}
