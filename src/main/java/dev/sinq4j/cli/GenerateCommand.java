package dev.sinq4j.cli;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Generation;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.engine.Sampling;
import dev.sinq4j.engine.Session;
import dev.sinq4j.experiment.Backends;
import dev.sinq4j.experiment.CellNeeds;
import dev.sinq4j.experiment.HostPlan;
import dev.sinq4j.experiment.LocatedModel;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.experiment.RoundedHead;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.tokenizer.ChatTemplate;
import dev.sinq4j.tokenizer.ChatTemplate.Message;
import dev.sinq4j.tokenizer.StreamingDecoder;
import dev.sinq4j.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "generate", description = "Streams text that continues a prompt.")
final class GenerateCommand extends Subcommand {

    @Option(names = "--model", required = true, paramLabel = "M", description = MODEL)
    String model = "";

    @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What to continue or to answer.")
    String prompt = "";

    @Option(names = "--chat", description = "Wrap the prompt in the model's chat template.")
    boolean chat;

    @Option(
            names = "--chat-template",
            paramLabel = "FILE",
            description = "A Jinja file to use with --chat instead of the model's own template.")
    @Nullable
    Path chatTemplate;

    @Option(names = "--system", paramLabel = "TEXT", description = "With --chat: what the system says first.")
    @Nullable
    String system;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "Tokenizer of another model, for a model that has none.")
    @Nullable
    Path tokenizer;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Default: ${DEFAULT-VALUE}.")
    int maxNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "0 takes the likeliest token every time. Default: ${DEFAULT-VALUE}.")
    double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Draw from the likeliest tokens whose probabilities add up to P. Default: ${DEFAULT-VALUE}.")
    double topP;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
    long seed;

    @Mixin
    HeadOptions head = new HeadOptions();

    @Override
    int execute(Console console) {
        try (HubAccess hub = new HubAccess(console);
                LocatedModel located = hub.models().open(model)) {
            Tokenizer words = tokenizer == null ? located.tokenizer() : Tokenizer.open(tokenizer);
            int[] ids = promptIds(words);
            HostPlan plan = new HostPlan(0, ids.length + maxNewTokens, ids.length, 1, head.head());
            Generation generation = new Generation(new Sampling(temperature, 0, topP, seed), words.eos(), maxNewTokens);
            try (Backend backend = Backends.open(common.backendOrAuto(), common.threadsOrAll())) {
                MemoryCheck.require(model, CellNeeds.stored(plan, located.source(), backend), backend);
                generate(located, backend, generation, ids, words, console);
            }
            return 0;
        }
    }

    private void generate(
            LocatedModel located, Backend backend, Generation generation, int[] ids, Tokenizer words, Console console) {
        try (LanguageModel loaded = LanguageModel.load(
                        located.source(), LinearWeights.STORED, RoundedHead.of(head.head(), backend), backend);
                Session session = loaded.session(ids.length + maxNewTokens)) {
            Generated generated = stream(generation, session, ids, words, console);
            if (console.json()) console.result("", generated);
            else console.out().println();
        }
    }

    private int[] promptIds(Tokenizer words) {
        if (chat) return words.encodeOrdinary(template(words).render(conversation(), true));
        if (chatTemplate != null || system != null)
            throw new UsageFailure(
                    (chatTemplate != null ? "--chat-template" : "--system") + " belongs to a conversation; add --chat");
        return words.encode(prompt);
    }

    private List<Message> conversation() {
        Message user = new Message("user", prompt);
        return system == null ? List.of(user) : List.of(new Message("system", system), user);
    }

    private ChatTemplate template(Tokenizer words) {
        if (chatTemplate != null) return ChatTemplate.read(chatTemplate, words.specialTokens());
        return ChatTemplate.of(words)
                .orElseThrow(() -> new UnavailableFailure(model + " has no chat template; give one with --chat-template"
                        + " FILE, or leave out --chat to continue the prompt as it is"));
    }

    private static Generated stream(
            Generation generation, Session session, int[] ids, Tokenizer tokenizer, Console console) {
        StreamingDecoder decoder = tokenizer.streamingDecoder();
        List<Integer> made = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        generation.run(session, ids, id -> {
            made.add(id);
            show(decoder.add(id), text, console);
        });
        show(decoder.finish(), text, console);
        return new Generated(Arrays.stream(ids).boxed().toList(), made, text.toString());
    }

    private static void show(String more, StringBuilder text, Console console) {
        text.append(more);
        if (console.json()) return;
        console.out().print(more);
        console.out().flush();
    }

    /** What {@code --json} shows. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Generated(List<Integer> promptIds, List<Integer> ids, String text) {}
}
