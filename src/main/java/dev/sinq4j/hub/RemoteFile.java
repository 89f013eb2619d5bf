package dev.sinq4j.hub;

import dev.sinq4j.failure.UnavailableFailure;
import java.util.regex.Pattern;

/**
 * A file of a repository at a commit, as the hub describes it.
 *
 * @param path   inside the repository, with forward slashes
 * @param commit 40 hex digits
 * @param etag   names the blob: SHA-256 of a large file, git's SHA-1 of a small one
 * @param size   bytes
 */
record RemoteFile(String path, String commit, String etag, long size) {

    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    RemoteFile {
        requireInside(path);
        if (!ETAG.matcher(etag).matches())
            throw new UnavailableFailure("the hub names file '" + path + "' by '" + etag + "', which is no hash");
        if (!HubReference.isCommit(commit))
            throw new UnavailableFailure("the hub names '" + commit + "' as the commit of file '" + path + "'");
        if (size < 0) throw new UnavailableFailure("the hub gives no size for file '" + path + "'");
    }

    /** A path that stays inside its snapshot, whatever the hub says. */
    static void requireInside(String path) {
        boolean climbs = false;
        for (String part : path.split("/", -1)) climbs |= part.isEmpty() || part.equals(".") || part.equals("..");
        if (climbs || path.contains("\\") || path.contains(":"))
            throw new UnavailableFailure("the hub lists a file '" + path + "', whose path is not safe to write");
    }
}
