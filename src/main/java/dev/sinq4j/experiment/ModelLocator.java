package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.SinqCheckpoint;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.hub.HubCache;
import dev.sinq4j.hub.HubReference;
import dev.sinq4j.hub.RepoId;
import dev.sinq4j.model.GgufSource;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.SyntheticModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a model by what users write: a directory in Hugging Face layout, a .gguf file, {@code org/name[@revision]} of the hub,
 * or {@code synthetic:CONFIG.json[@seed]}.
 *
 * @param snapshots where the hub's models come from
 * @param base      folder that relative paths count from
 */
public record ModelLocator(Snapshots snapshots, Path base) {

    private static final String SYNTHETIC = "synthetic:";
    private static final Pattern SEEDED = Pattern.compile("(.+?)(?:@(\\d+))?");
    private static final long DEFAULT_SEED = 42;

    /** Relative paths count from the working directory. */
    public ModelLocator(Snapshots snapshots) {
        this(snapshots, Path.of(""));
    }

    /** Where a model of the hub is on this machine: in the cache, or fetched into it. */
    @FunctionalInterface
    public interface Snapshots {

        /**
         * @return a folder in Hugging Face layout
         * @throws dev.sinq4j.failure.UnavailableFailure saying how to get the model
         */
        Path folder(HubReference reference);
    }

    /**
     * What is known of a model without opening its weights or a socket.
     *
     * @param cache of the hub
     */
    public record Local(HubCache cache) {

        /** The folder in Hugging Face layout, where the model is on this machine. */
        public Optional<Path> folder(ModelConfig model) {
            if (model.isSynthetic() || isGguf(model.source())) return Optional.empty();
            Path path = Path.of(model.source());
            if (Files.isDirectory(path)) return Optional.of(path);
            HubReference reference = HubReference.parse(RepoId.Kind.MODEL, model.source());
            return cache.find(reference.repo(), reference.revision());
        }

        /** A config.json with the model's shapes: its own, or the one the configuration names. */
        public Optional<Path> config(ModelConfig model) {
            if (model.isSynthetic()) {
                Matcher parts = SEEDED.matcher(model.source().substring(SYNTHETIC.length()));
                return parts.matches() ? Optional.of(Path.of(parts.group(1))) : Optional.empty();
            }
            return folder(model)
                    .map(folder -> folder.resolve("config.json"))
                    .filter(Files::isRegularFile)
                    .or(() -> Optional.ofNullable(model.shapes()).map(Path::of));
        }

        /**
         * The model itself, where all of it is on this machine and in order; whoever asks closes it. What is wrong with another
         * one is said when it is opened to be used.
         */
        Optional<ModelSource> open(ModelConfig model) {
            try {
                if (isGguf(model.source())) return Optional.of(GgufSource.open(Path.of(model.source())));
                return folder(model).map(ModelLocator::source);
            } catch (Failure notInOrder) {
                return Optional.empty();
            }
        }
    }

    /**
     * Opens a model.
     *
     * @throws UsageFailure if the text names no model
     * @throws dev.sinq4j.failure.UnavailableFailure if it is not there, damaged, or of an unknown family
     */
    public LocatedModel open(String name) {
        if (name.startsWith(SYNTHETIC)) return synthetic(name);
        if (isGguf(name)) return new LocatedModel(name, GgufSource.open(base.resolve(name)), Optional.empty());
        Path folder = folder(name);
        return new LocatedModel(name, source(folder), Optional.of(folder));
    }

    private static boolean isGguf(String name) {
        return name.endsWith(".gguf");
    }

    private static ModelSource source(Path folder) {
        return SinqCheckpoint.isPresent(folder) ? SinqCheckpoint.open(folder) : ModelFiles.open(folder);
    }

    private Path folder(String name) {
        Path local = base.resolve(name);
        if (Files.isDirectory(local)) return local;
        if (Files.exists(local))
            throw new UsageFailure(
                    name + " is a file: expected a directory in Hugging Face layout, a .gguf file, a hub id (org/name)"
                            + " or synthetic:CONFIG.json");
        if (name.startsWith("/")
                || name.startsWith(".")
                || name.chars().filter(c -> c == '/').count() > 1)
            throw new UsageFailure(name + ": there is no such directory");
        return snapshots.folder(HubReference.parse(RepoId.Kind.MODEL, name));
    }

    private LocatedModel synthetic(String name) {
        Matcher parts = SEEDED.matcher(name.substring(SYNTHETIC.length()));
        if (!parts.matches()) throw new UsageFailure(name + ": expected synthetic:CONFIG.json[@seed]");
        long seed = parts.group(2) == null ? DEFAULT_SEED : Long.parseLong(parts.group(2));
        return new LocatedModel(name, SyntheticModel.of(base.resolve(parts.group(1)), seed), Optional.empty());
    }
}
