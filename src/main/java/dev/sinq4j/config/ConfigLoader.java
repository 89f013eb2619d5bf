package dev.sinq4j.config;

import dev.sinq4j.config.bind.Assignment;
import dev.sinq4j.config.bind.ConfigNode;
import dev.sinq4j.config.bind.Problem;
import dev.sinq4j.config.bind.RecordBinder;
import dev.sinq4j.config.bind.YamlReader;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.NearestName;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads configuration files: YAML, overrides, records, checks. Reports every problem of a file, not only the first. */
public final class ConfigLoader {

    private final Catalog catalog;

    /** @param catalog the names a configuration may use */
    public ConfigLoader(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The complete and consistent configuration.
     *
     * @param overrides {@code path=value}, applied in order before anything is checked
     * @throws UsageFailure with every problem, one a line
     */
    public ExperimentConfig load(Path file, List<String> overrides) {
        return read(file, overrides).orFail();
    }

    /**
     * The configuration or its problems.
     *
     * @throws UsageFailure if the file cannot be read at all
     */
    public Loaded read(Path file, List<String> overrides) {
        List<Problem> problems = new ArrayList<>();
        Optional<ConfigNode> tree = YamlReader.file(file.toString(), text(file), problems);
        for (String override : overrides) tree = tree.map(root -> Assignment.apply(root, override, problems));
        ConfigRules rules = new ConfigRules(catalog, new FileLookup(folder(file)));
        Optional<ExperimentConfig> config =
                tree.flatMap(root -> new RecordBinder(problems, rules).bind(root, ExperimentConfig.class));
        return problems.isEmpty() ? new Loaded(config, List.of()) : new Loaded(Optional.empty(), inOrder(problems));
    }

    /**
     * The configuration that {@link ConfigWriter} wrote: complete and checked already, so that no name or file is looked up,
     * on whichever machine this is.
     *
     * @throws UsageFailure if it is not what {@link ConfigWriter} writes
     */
    public static ExperimentConfig resolved(String yaml) {
        List<Problem> problems = new ArrayList<>();
        Optional<ExperimentConfig> config = YamlReader.file("experiment.yaml", yaml, problems)
                .flatMap(
                        root -> new RecordBinder(problems, (bound, place) -> bound).bind(root, ExperimentConfig.class));
        return (problems.isEmpty() ? new Loaded(config, List.of()) : new Loaded(Optional.empty(), problems)).orFail();
    }

    private static List<Problem> inOrder(List<Problem> problems) {
        return problems.stream()
                .distinct()
                .sorted(Comparator.comparingInt(
                                (Problem problem) -> problem.at().line())
                        .thenComparingInt(problem -> problem.at().column()))
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UsageFailure(file + ": no such file" + hint(file), e);
        } catch (CharacterCodingException e) {
            throw new UsageFailure(file + ": is not UTF-8 text", e);
        } catch (IOException e) {
            String reason =
                    Files.isDirectory(file) ? "is a folder, not a configuration" : String.valueOf(e.getMessage());
            throw new UsageFailure(file + ": " + reason, e);
        }
    }

    private static String hint(Path file) {
        Path folder = folder(file);
        if (!Files.isDirectory(folder)) return "; its folder does not exist either";
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".yaml") || name.endsWith(".yml"))
                    .toList();
            return NearestName.of(file.getFileName().toString(), names)
                    .map(name -> "; did you mean '" + folder.resolve(name).normalize() + "'?")
                    .orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }
}
