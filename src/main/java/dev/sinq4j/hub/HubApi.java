package dev.sinq4j.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.transfer.AuthorizedHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What the hub says about repositories and files. */
final class HubApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HubSettings settings;
    private final AuthorizedHttp http;

    HubApi(HubSettings settings, AuthorizedHttp http) {
        this.settings = settings;
        this.http = http;
    }

    /** The files of a repository at the commit a revision stands for now. */
    record Listing(String commit, List<String> files) {}

    Listing list(HubReference reference) throws IOException, InterruptedException {
        RepoId repo = reference.repo();
        URI uri = URI.create(settings.endpoint() + "/api/" + repo.kind().word() + "s/" + repo.name() + "/revision/"
                + encode(reference.revision()));
        HttpResponse<InputStream> answer = http.get(uri, Map.of());
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != 200) throw refusal(answer, reference, "");
            return listing(reference, JSON.readTree(body));
        }
    }

    private static Listing listing(HubReference reference, JsonNode info) {
        String commit = info.path("sha").asText();
        if (!HubReference.isCommit(commit) || !info.path("siblings").isArray())
            throw new UnavailableFailure("the answer about " + reference.repo()
                    + " names no commit and files: HF_ENDPOINT is not a hub, or something between alters its answers");
        List<String> files = new ArrayList<>();
        for (JsonNode sibling : info.get("siblings")) {
            String path = sibling.path("rfilename").asText();
            RemoteFile.requireInside(path);
            files.add(path);
        }
        return new Listing(commit, files);
    }

    RemoteFile describe(HubReference reference, String path) throws IOException, InterruptedException {
        HttpResponse<?> answer = http.head(fileUri(reference.repo(), reference.revision(), path));
        if (answer.statusCode() >= 400) throw refusal(answer, reference, path);
        String etag = header(answer, "X-Linked-ETag", "ETag");
        long size = size(answer);
        return new RemoteFile(path, header(answer, "X-Repo-Commit"), bare(etag), size);
    }

    URI fileUri(RepoId repo, String revision, String path) {
        String encoded = Arrays.stream(path.split("/")).map(HubApi::encode).collect(Collectors.joining("/"));
        return URI.create(settings.endpoint() + "/" + repo.pagePath() + "/resolve/" + encode(revision) + "/" + encoded);
    }

    /** Explains a status that no further try will change. */
    UnavailableFailure refusal(HttpResponse<?> answer, HubReference reference, String path) {
        RepoId repo = reference.repo();
        String code = answer.headers().firstValue("X-Error-Code").orElse("");
        int status = answer.statusCode();
        String page = settings.endpoint() + "/" + repo.pagePath();
        if (code.equals("GatedRepo") || status == 403)
            return new UnavailableFailure(
                    repo + " is gated: accept its licence at " + page + ", then " + tokenAdvice());
        if (code.equals("RevisionNotFound"))
            return new UnavailableFailure(repo + " has no revision '" + reference.revision() + "' on "
                    + settings.endpoint() + ": see " + page + "/tree/main");
        if (code.equals("EntryNotFound") || (status == 404 && !path.isEmpty()))
            return new UnavailableFailure(repo + " (revision " + reference.revision() + ") has no file '" + path
                    + "': see " + page + "/tree/main");
        if (status == 401 || status == 404)
            return new UnavailableFailure("there is no " + repo + " on " + settings.endpoint()
                    + ", or it is private or gated: check the name; if it is right, accept its licence at " + page
                    + " and "
                    + tokenAdvice());
        return new UnavailableFailure(settings.endpoint() + " answers with status " + status + " for " + repo
                + (path.isEmpty() ? "" : ", file '" + path + "'"));
    }

    private String tokenAdvice() {
        return settings.token().isPresent()
                ? "make sure that HF_TOKEN is a valid token of the account that did so"
                : "set HF_TOKEN to a token of the account that did so (" + settings.endpoint() + "/settings/tokens)";
    }

    private static long size(HttpResponse<?> answer) {
        OptionalLong linked = answer.headers().firstValueAsLong("X-Linked-Size");
        return linked.isPresent()
                ? linked.getAsLong()
                : answer.headers().firstValueAsLong("Content-Length").orElse(-1);
    }

    private static String header(HttpResponse<?> answer, String... names) {
        for (String name : names) {
            var value = answer.headers().firstValue(name);
            if (value.isPresent()) return value.get();
        }
        throw new UnavailableFailure("the answer of " + answer.uri().getAuthority() + " has no header "
                + names[names.length - 1] + ": HF_ENDPOINT is not a hub, or something between alters its answers");
    }

    /** An entity tag without quotes and weakness mark. */
    private static String bare(String etag) {
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
