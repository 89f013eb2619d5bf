package dev.sinq4j.config;

import dev.sinq4j.config.bind.Place;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One source a model; local ones must exist, others must look like a hub id. */
record ModelRules(FileLookup files) {

    private static final Pattern HUB_ID = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*(@[\\w./-]+)?");
    private static final Pattern SEEDED = Pattern.compile("(.*?)(@\\d+)?");

    Object refine(ModelConfig model, Place place) {
        long sources = Stream.of(model.id(), model.path(), model.synthetic())
                .filter(Objects::nonNull)
                .count();
        if (sources != 1) {
            place.report(
                    sources == 0
                            ? "needs one of id, path and synthetic"
                            : "id, path and synthetic exclude each other; keep one");
            return model;
        }
        String id = model.id() == null ? null : id(model.id(), place.child("id"));
        boolean onHub =
                id != null && HUB_ID.matcher(id).matches() && files.find(id).isEmpty();
        if (model.revision() != null) revision(model.id(), onHub, place.child("revision"));
        return new ModelConfig(
                id,
                existing(model.path(), place.child("path")),
                model.synthetic() == null ? null : seeded(model.synthetic(), place.child("synthetic")),
                model.revision(),
                existing(model.shapes(), place.child("shapes")));
    }

    private static void revision(@Nullable String id, boolean onHub, Place place) {
        if (!onHub) place.report("only a model of the hub has revisions; remove it");
        else if (id != null && id.contains("@")) place.report("the id names a revision already; keep one");
    }

    private String id(String written, Place place) {
        if (written.startsWith(ModelConfig.SYNTHETIC))
            return ModelConfig.SYNTHETIC + seeded(written.substring(ModelConfig.SYNTHETIC.length()), place);
        Optional<String> local = files.find(written);
        if (local.isPresent()) return local.get();
        if (!HUB_ID.matcher(written).matches() || written.endsWith(".gguf"))
            place.report(files.missing(written) + ", and it is no hub id (org/name)");
        return written;
    }

    /** A configuration file with an optional {@code @seed} behind it. */
    private String seeded(String written, Place place) {
        Matcher parts = SEEDED.matcher(written);
        if (!parts.matches()) return written;
        String file = existing(parts.group(1), place);
        return parts.group(2) == null ? String.valueOf(file) : file + parts.group(2);
    }

    private @Nullable String existing(@Nullable String written, Place place) {
        if (written == null) return null;
        return files.find(written).orElseGet(() -> {
            place.report(files.missing(written));
            return written;
        });
    }
}
