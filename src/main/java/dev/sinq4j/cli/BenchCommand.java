package dev.sinq4j.cli;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.engine.ModelBytes;
import dev.sinq4j.experiment.Backends;
import dev.sinq4j.experiment.HostNeeds;
import dev.sinq4j.experiment.HostPlan;
import dev.sinq4j.experiment.LocatedModel;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.kernel.MachineProbe;
import dev.sinq4j.metric.HostMemory;
import dev.sinq4j.metric.MachineShare;
import dev.sinq4j.metric.Speed;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Throughput;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "bench", description = "Prefill and decode speed, with raw samples.")
final class BenchCommand extends Subcommand {

    /** Of the random tokens; which they are does not matter. */
    private static final long SEED = 42;

    @Option(names = "--model", required = true, paramLabel = "M", description = MODEL)
    String model = "";

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Default: ${DEFAULT-VALUE}.")
    int promptTokens;

    @Option(
            names = "--generate-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Default: ${DEFAULT-VALUE}.")
    int generateTokens;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description = "After warming up. Default: ${DEFAULT-VALUE}.")
    int repetitions;

    @Override
    int execute(Console console) {
        try (HubAccess hub = new HubAccess(console);
                LocatedModel located = hub.models().open(model)) {
            HostNeeds needs = new HostPlan(0, promptTokens + generateTokens, promptTokens)
                    .stored(located.source().architecture(), located.weightBytes());
            MemoryCheck.require(model, needs, HostMemory.usableBytes().orElse(Long.MAX_VALUE));
            return bench(located, needs, console);
        }
    }

    private int bench(LocatedModel located, HostNeeds needs, Console console) {
        HostMemory.resetPeak();
        try (Backend backend = Backends.open(common.backendOrAuto(), common.threadsOrAll());
                LanguageModel loaded = LanguageModel.load(located.source(), LinearWeights.STORED, backend)) {
            Throughput speed = new Speed(promptTokens, generateTokens, repetitions, SEED).measure(loaded);
            ModelBytes bytes = loaded.bytes();
            OptionalLong peak = HostMemory.peakBytes();
            MachineShare share = backend.name().equals("cpu")
                    ? MachineShare.of(loaded, speed, MachineProbe.measure(common.threadsOrAll()))
                    : null;
            Benched benched = new Benched(
                    model,
                    backend.name(),
                    backend.description(),
                    common.threadsOrAll(),
                    promptTokens,
                    generateTokens,
                    speed,
                    new Memory(
                            bytes.stored(),
                            bytes.quantizable(),
                            bytes.quantizableCount(),
                            bytes.bitsPerWeight(),
                            LanguageModel.cacheBytes(loaded.architecture(), promptTokens + generateTokens),
                            null,
                            peak.isPresent() ? peak.getAsLong() : null,
                            needs.bytes()),
                    share);
            console.result(text(benched), benched);
            return 0;
        }
    }

    private static String text(Benched benched) {
        return String.format(
                        Locale.ROOT,
                        "%s on %s%nprefill of %d tokens: %s%ndecode of %d tokens:  %s%nweights %s, peak memory %s",
                        benched.model(),
                        benched.kernels(),
                        benched.promptTokens(),
                        samples(benched.throughput().prefillTokensPerSecond()),
                        benched.generateTokens(),
                        samples(benched.throughput().decodeTokensPerSecond()),
                        PlanText.bytes(benched.memory().weightBytes()),
                        PlanText.bytes(benched.memory().peakHostBytes()))
                + (benched.machine() == null ? "" : text(benched.machine()));
    }

    private static String text(MachineShare machine) {
        String limits = String.format(
                Locale.ROOT,
                "%nthis machine reads %.1f GB/s and computes %.0f fp32 GFLOP/s at best",
                machine.readBytesPerSecond() / 1e9,
                machine.fp32OperationsPerSecond() / 1e9);
        if (machine.decodeShare() == null || machine.prefillShare() == null) return limits;
        return limits
                + String.format(
                        Locale.ROOT,
                        "; the best decode reads weights at %.2f of that, the best prefill multiplies at %.2f",
                        machine.decodeShare(),
                        machine.prefillShare());
    }

    private static String samples(List<Double> samples) {
        List<Double> sorted = samples.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "median %.1f tokens/s, %.1f to %.1f in %d repetitions",
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }

    /** What {@code --json} shows. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Benched(
            String model,
            String backend,
            String kernels,
            int threads,
            int promptTokens,
            int generateTokens,
            Throughput throughput,
            Memory memory,
            @Nullable MachineShare machine) {}
}
