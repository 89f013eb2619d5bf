package dev.sinq4j.hub;

import dev.sinq4j.failure.UsageFailure;

/**
 * A repository at a revision, as users write it: {@code organization/name[@revision]}.
 *
 * @param revision a branch, a tag, or a commit of 40 hex digits; {@code main} where none is written
 */
public record HubReference(RepoId repo, String revision) {

    /** The branch that is meant where no revision is named. */
    public static final String MAIN = "main";

    public HubReference {
        if (revision.isBlank() || revision.startsWith("/") || revision.contains("..") || revision.contains("\\"))
            throw new UsageFailure("'" + revision + "' is not a revision: expected a branch, a tag or a commit");
    }

    /**
     * @param text {@code organization/name} or {@code organization/name@revision}
     * @throws UsageFailure if it is neither
     */
    public static HubReference parse(RepoId.Kind kind, String text) {
        int at = text.indexOf('@');
        if (at < 0) return new HubReference(new RepoId(kind, text), MAIN);
        return new HubReference(new RepoId(kind, text.substring(0, at)), text.substring(at + 1));
    }

    /** Whether the revision is a commit, which never moves. */
    public boolean isPinned() {
        return isCommit(revision);
    }

    static boolean isCommit(String revision) {
        return revision.matches("[0-9a-f]{40}");
    }
}
