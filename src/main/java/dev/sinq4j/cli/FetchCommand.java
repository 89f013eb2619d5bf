package dev.sinq4j.cli;

import dev.sinq4j.data.Corpus;
import dev.sinq4j.data.CorpusFile;
import dev.sinq4j.data.KnownCorpora;
import dev.sinq4j.data.ReferencePrompts;
import dev.sinq4j.data.RowFile;
import dev.sinq4j.hub.FileFilter;
import dev.sinq4j.hub.Hub;
import dev.sinq4j.hub.HubReference;
import dev.sinq4j.hub.ProgramCache;
import dev.sinq4j.hub.RepoId;
import dev.sinq4j.task.Task;
import dev.sinq4j.task.Tasks;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "fetch", description = "Downloads a model or dataset into the Hugging Face cache. Resumes; verifies.")
final class FetchCommand extends Subcommand {

    @Parameters(
            paramLabel = "MODEL_OR_DATASET",
            description = "Hub id org/name, or the name of a known dataset, task or text.")
    String what = "";

    @Option(names = "--revision", paramLabel = "R", description = "Branch, tag or commit; main by default.")
    @Nullable
    String revision;

    @Override
    int execute(Console console) {
        try (HubAccess access = new HubAccess(console)) {
            Path where = fetch(access.hub());
            console.result(what + ": " + where, Map.of("what", what, "path", where.toString()));
            return 0;
        }
    }

    private Path fetch(Hub hub) {
        if (what.equals(ReferencePrompts.FETCH_NAME)) {
            ReferencePrompts prompts = ReferencePrompts.in(ProgramCache.folder());
            prompts.store(hub.text(ReferencePrompts.SOURCE));
            return prompts.file();
        }
        Optional<Corpus> corpus = KnownCorpora.find(what);
        if (corpus.isPresent()) return CorpusFile.locate(corpus.get(), hub).path();
        Optional<Task> task = Tasks.find(what);
        if (task.isPresent()) return fetch(task.get(), hub);
        HubReference reference = HubReference.parse(RepoId.Kind.MODEL, revision == null ? what : what + "@" + revision);
        return hub.fetch(reference, FileFilter.model());
    }

    private static Path fetch(Task task, Hub hub) {
        task.examples().ifPresent(examples -> RowFile.locate(task.name(), examples, hub));
        return RowFile.locate(task.name(), task.questions(), hub).path();
    }
}
