package dev.sinq4j.cli;

import dev.sinq4j.config.DatasetConfig;
import dev.sinq4j.data.CorpusFile;
import dev.sinq4j.data.KnownCorpora;
import dev.sinq4j.data.TextProtocol;
import dev.sinq4j.data.TextProtocol.Bos;
import dev.sinq4j.data.TokenizedText;
import dev.sinq4j.data.Window;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.experiment.Backends;
import dev.sinq4j.experiment.Datasets;
import dev.sinq4j.experiment.HostPlan;
import dev.sinq4j.experiment.LocatedModel;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.experiment.RoundedHead;
import dev.sinq4j.experiment.StreamedDense;
import dev.sinq4j.metric.HostMemory;
import dev.sinq4j.metric.Perplexities;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.Metrics.Perplexity;
import dev.sinq4j.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "perplexity", description = "One figure, with its protocol and standard error.")
final class PerplexityCommand extends Subcommand {

    @Option(names = "--model", required = true, paramLabel = "M", description = MODEL)
    String model = "";

    @Option(
            names = "--text",
            required = true,
            paramLabel = "FILE",
            description = "Text file, or the name of a known dataset.")
    String text = "";

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "2048",
            description = "Tokens of a window. Default: ${DEFAULT-VALUE}.")
    int window;

    @Option(names = "--windows", paramLabel = "N", description = "Windows to measure; all by default.")
    @Nullable
    Integer windows;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description = "Tokens between two windows' starts; the window by default.")
    @Nullable
    Integer stride;

    @Mixin
    HeadOptions head = new HeadOptions();

    @Override
    int execute(Console console) {
        try (HubAccess hub = new HubAccess(console);
                LocatedModel located = hub.models().open(model);
                Backend backend = Backends.open(common.backendOrAuto(), common.threadsOrAll())) {
            Tokenizer tokenizer = located.tokenizer();
            CorpusFile corpus = new Datasets(hub.hub()).locate(dataset());
            TextProtocol protocol = new TextProtocol(
                    window,
                    stride == null ? window : stride,
                    tokenizer.addsBos() ? Bos.ONCE : Bos.NONE,
                    windows == null ? OptionalInt.empty() : OptionalInt.of(windows));
            TokenizedText tokens = corpus.tokenize(tokenizer::encode);
            List<Window> cut = protocol.cut(tokens, tokenizer.bos().orElse(-1));
            Perplexity perplexity = measure(located, backend, new Cut(cut, protocol, corpus, tokens.tokens()), console);
            console.result(text(perplexity), perplexity);
            return 0;
        }
    }

    /** A text in windows. */
    private record Cut(List<Window> windows, TextProtocol protocol, CorpusFile corpus, long tokens) {}

    /** With all weights in memory, or, where they do not fit, layer by layer. */
    private Perplexity measure(LocatedModel located, Backend backend, Cut text, Console console) {
        HostPlan plan = HostPlan.ofWindow(window).with(head.head());
        Architecture architecture = located.source().architecture();
        long usable = HostMemory.usableBytes().orElse(Long.MAX_VALUE);
        if (MemoryCheck.fits(plan, located.source(), backend, usable)) return inMemory(located, backend, text, console);
        MemoryCheck.requireLayerByLayer(model, plan, architecture, backend, usable);
        console.say("the model does not fit in memory and is read layer by layer");
        return new StreamedDense(located.source(), backend, plan, usable, console.progress())
                .perplexity(
                        this.text,
                        text.windows(),
                        text.protocol(),
                        text.corpus().corpus().join(),
                        text.tokens())
                .perplexity();
    }

    private Perplexity inMemory(LocatedModel located, Backend backend, Cut text, Console console) {
        try (LanguageModel loaded = LanguageModel.load(
                        located.source(), LinearWeights.STORED, RoundedHead.of(head.head(), backend), backend);
                Progress.Task task =
                        console.progress().begin("perplexity", text.windows().size())) {
            return Perplexities.measure(
                    loaded::nll,
                    text.windows(),
                    text.protocol(),
                    text.corpus().corpus().join(),
                    text.tokens(),
                    done -> task.advance(1));
        }
    }

    private DatasetConfig dataset() {
        boolean known = KnownCorpora.find(text).isPresent() && !Files.exists(Path.of(text));
        return new DatasetConfig(text, known ? null : text, null, null, null);
    }

    private static String text(Perplexity perplexity) {
        String error = perplexity.stderr() == null ? "" : String.format(Locale.ROOT, " +/- %.4f", perplexity.stderr());
        return String.format(
                Locale.ROOT,
                "perplexity %.6f%s%n%d windows of %d tokens, stride %d, %d tokens scored of %d; beginning-of-text"
                        + " token: %s; tail: %s",
                perplexity.value(),
                error,
                perplexity.windows(),
                perplexity.window(),
                perplexity.stride(),
                perplexity.scored(),
                perplexity.tokens(),
                perplexity.bos(),
                perplexity.tail());
    }
}
