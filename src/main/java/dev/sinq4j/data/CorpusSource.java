package dev.sinq4j.data;

import dev.sinq4j.hub.RepoId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the file of a corpus is. */
public sealed interface CorpusSource {

    /** A file of the user's. */
    record Local(Path path) implements CorpusSource {}

    /**
     * A file of a dataset repository.
     *
     * @param revision a commit wherever the hub has one for it
     * @param sha256   of the file; absent where only the hub's own hash, checked on fetching, vouches for it
     */
    record OnHub(
            RepoId repo,
            String revision,
            String file,
            @Nullable String sha256) implements CorpusSource {}
}
