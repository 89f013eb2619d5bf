package dev.sinq4j.results;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings the results of shards, or of interrupted and repeated runs, into one folder. Each cell is there once: merging again,
 * or merging a folder into itself, changes nothing. An ok result supersedes a failed one.
 */
public final class ResultsMerge {

    /** The configuration as it ran, beside the results. */
    private static final String RESOLVED = "experiment.yaml";

    private final ResultsStore store;
    private final List<String> conflicts = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int added;
    private int duplicates;

    private ResultsMerge(ResultsStore store) {
        this.store = store;
    }

    /**
     * What became of a merge.
     *
     * @param cells      in the folder now
     * @param added      results appended
     * @param duplicates results that were there already
     * @param conflicts  duplicates with other figures than those kept, one sentence each
     * @param warnings   damaged lines of the sources and of the folder
     */
    public record Merged(int cells, int added, int duplicates, List<String> conflicts, List<String> warnings) {
        public Merged {
            conflicts = List.copyOf(conflicts);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Merges.
     *
     * @param sources results folders, read in this order; the first ok result of a cell is kept
     * @param folder  gains what it lacks; made if need be
     * @throws UnavailableFailure if a source has no results, or the folder cannot be written or is being written by a run
     */
    public static Merged into(Path folder, List<Path> sources) {
        List<StoredResults> found = sources.stream().map(ResultsStore::read).toList();
        try (ResultsStore store = ResultsStore.open(folder)) {
            ResultsMerge merge = new ResultsMerge(store);
            merge.warnings.addAll(store.warnings());
            for (int i = 0; i < sources.size(); i++) merge.add(sources.get(i), found.get(i));
            keepConfiguration(folder, sources);
            return new Merged(store.cells().size(), merge.added, merge.duplicates, merge.conflicts, merge.warnings);
        }
    }

    /**
     * The one experiment that the sources are of.
     *
     * @throws UsageFailure if they are of several
     */
    public static String experiment(List<Path> sources) {
        Set<String> names = new TreeSet<>();
        for (Path source : sources)
            for (CellResult cell : ResultsStore.read(source).cells()) names.add(cell.experiment());
        if (names.size() == 1) return names.iterator().next();
        throw new UsageFailure(
                names.isEmpty()
                        ? "no results in " + sources + ": nothing to merge"
                        : "results of several experiments (" + String.join(", ", names)
                                + "): say with --out DIR where to merge them");
    }

    private void add(Path source, StoredResults found) {
        if (!isSame(source)) found.warnings().forEach(warnings::add);
        for (CellResult result : found.cells()) add(source, result);
    }

    private boolean isSame(Path source) {
        try {
            return Files.isSameFile(source, store.folder());
        } catch (IOException e) {
            return false;
        }
    }

    private void add(Path source, CellResult result) {
        CellResult there = store.find(result.cell()).orElse(null);
        if (there == null || (!isOk(there) && isOk(result))) {
            store.append(result);
            added++;
            return;
        }
        duplicates++;
        if (isOk(there) && isOk(result))
            FigureDifference.between(there, result)
                    .ifPresent(difference -> conflicts.add(sentence(source, result, difference)));
    }

    private static boolean isOk(CellResult result) {
        return result.status() == CellResult.Status.OK;
    }

    private static String sentence(Path source, CellResult result, FigureDifference difference) {
        return "cell " + result.cell() + " (" + result.method() + " " + result.bits() + " bits on " + result.model()
                + "): " + difference.field() + " is " + difference.second() + " in " + source + " but "
                + difference.first() + " in what came before, which was kept; the same cell has to give the same"
                + " figures: compare the two lines' provenance (kernels, device, version)";
    }

    private static void keepConfiguration(Path folder, List<Path> sources) {
        for (Path source : sources) {
            Path configuration = source.resolve(RESOLVED);
            if (!Files.isRegularFile(configuration) || Files.exists(folder.resolve(RESOLVED))) continue;
            try {
                Files.copy(configuration, folder.resolve(RESOLVED));
            } catch (FileAlreadyExistsException e) {
                return;
            } catch (IOException e) {
                throw new UnavailableFailure(folder.resolve(RESOLVED) + " cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
