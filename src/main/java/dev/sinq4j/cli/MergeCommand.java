package dev.sinq4j.cli;

import dev.sinq4j.results.ResultsMerge;
import dev.sinq4j.results.ResultsMerge.Merged;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "merge",
        description = "Brings the results of shards into one folder, each cell once, and makes its report.",
        footer = {
            "",
            "Merging again changes nothing. Exit status 1: a cell has other figures in one folder than in another;",
            "it is named, and the first result is kept.",
            "Example: ./sinq4j run X.yaml --shard 1/2 --out shards/1 (and 2/2), then ./sinq4j merge shards/*"
        })
final class MergeCommand extends Subcommand {

    private static final Logger LOG = LoggerFactory.getLogger(MergeCommand.class);

    @Parameters(
            arity = "1..*",
            paramLabel = "RESULTS",
            description = "Results folders, or their results.jsonl; of two results of a cell the first counts.")
    List<Path> results = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "Instead of results/<experiment>.")
    @Nullable
    Path out;

    @Override
    int execute(Console console) {
        List<Path> sources = results.stream().map(MergeCommand::folder).toList();
        Path folder = out == null ? Path.of("results", ResultsMerge.experiment(sources)) : out;
        Merged merged = ResultsMerge.into(folder, sources);
        merged.warnings().forEach(warning -> LOG.warn("{}", warning));
        merged.conflicts().forEach(conflict -> LOG.warn("{}", conflict));
        List<Path> written = Reports.writeAll(List.of(folder), folder);
        console.result(text(merged, folder), new Done(folder, merged, written));
        return merged.conflicts().isEmpty() ? 0 : 1;
    }

    private static Path folder(Path given) {
        if (!Files.isRegularFile(given)) return given;
        Path parent = given.getParent();
        return parent == null ? Path.of(".") : parent;
    }

    private static String text(Merged merged, Path folder) {
        String conflicts =
                merged.conflicts().isEmpty() ? "" : ", " + merged.conflicts().size() + " of them with other figures";
        return merged.added() + " results added, " + merged.duplicates() + " were there already" + conflicts + "; "
                + merged.cells() + " cells in " + folder;
    }

    /** What {@code --json} shows. */
    private record Done(Path out, Merged merged, List<Path> written) {}
}
