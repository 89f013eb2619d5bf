package dev.sinq4j.cli;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.engine.ModelBytes;
import dev.sinq4j.experiment.Backends;
import dev.sinq4j.experiment.CellNeeds;
import dev.sinq4j.experiment.HostPlan;
import dev.sinq4j.experiment.LocatedModel;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.experiment.RoundedHead;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.kernel.MachineProbe;
import dev.sinq4j.metric.HostMemory;
import dev.sinq4j.metric.MachineShare;
import dev.sinq4j.metric.Speed;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Throughput;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "bench", description = "Prefill and decode speed, with raw samples.")
final class BenchCommand extends Subcommand {

    /** Of the random tokens; which they are does not matter. */
    private static final long SEED = 42;

    /** Sequences at once, as a configuration may ask for. */
    private static final int MOST_AT_ONCE = 64;

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

    @Option(
            names = "--batch",
            paramLabel = "N[,N...]",
            split = ",",
            defaultValue = "1",
            description = "Sequences at once, each number measured. Default: ${DEFAULT-VALUE}.")
    List<Integer> batch = List.of(1);

    @Mixin
    HeadOptions head = new HeadOptions();

    @Override
    int execute(Console console) {
        requirePositive("--prompt-tokens", promptTokens);
        requirePositive("--generate-tokens", generateTokens);
        requirePositive("--repetitions", repetitions);
        requireBatches();
        try (HubAccess hub = new HubAccess(console);
                LocatedModel located = hub.models().open(model)) {
            int session = Math.addExact(promptTokens, generateTokens);
            HostPlan plan = new HostPlan(0, session, promptTokens, Collections.max(batch), head.head());
            try (Backend backend = Backends.open(common.backendOrAuto(), common.threadsOrAll())) {
                CellNeeds planned = CellNeeds.stored(plan, located.source(), backend);
                MemoryCheck.require(model, planned, backend);
                return bench(located, backend, planned, console);
            }
        }
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) throw new UsageFailure(option + " " + value + " is not a number from 1 on");
    }

    private void requireBatches() {
        for (int each : batch)
            if (each < 1 || each > MOST_AT_ONCE)
                throw new UsageFailure("--batch " + each + " is not a number from 1 to " + MOST_AT_ONCE);
        if (new HashSet<>(batch).size() < batch.size())
            throw new UsageFailure("--batch names a number twice: " + batch);
    }

    private int bench(LocatedModel located, Backend backend, CellNeeds planned, Console console) {
        HostMemory.resetPeak();
        try (LanguageModel loaded = LanguageModel.load(
                located.source(), LinearWeights.STORED, RoundedHead.of(head.head(), backend), backend)) {
            Throughput speed = new Speed(promptTokens, generateTokens, repetitions, batch, SEED).measure(loaded);
            ModelBytes bytes = loaded.bytes();
            OptionalLong peak = HostMemory.peakBytes();
            OptionalLong devicePeak = backend.peakDeviceBytes();
            MachineShare share = backend.name().equals("cpu")
                    ? MachineShare.of(loaded, speed, MachineProbe.measure(common.threadsOrAll()))
                    : null;
            Benched benched = new Benched(
                    model,
                    head.bits,
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
                            Collections.max(batch)
                                    * LanguageModel.cacheBytes(loaded.architecture(), promptTokens + generateTokens),
                            devicePeak.isPresent() ? devicePeak.getAsLong() : null,
                            peak.isPresent() ? peak.getAsLong() : null,
                            planned.deviceBytes(),
                            planned.host().bytes()),
                    share);
            console.result(text(benched), benched);
            return 0;
        }
    }

    private static String text(Benched benched) {
        String speeds = benched.throughput().everyBatch().stream()
                .map(BenchCommand::text)
                .collect(Collectors.joining());
        return String.format(
                        Locale.ROOT,
                        "%s on %s%s%nweights %s, peak memory %s",
                        benched.model(),
                        benched.kernels(),
                        speeds,
                        PlanText.bytes(benched.memory().weightBytes()),
                        PlanText.bytes(benched.memory().peakHostBytes()))
                + (benched.machine() == null ? "" : text(benched.machine()));
    }

    private static String text(Throughput speed) {
        String times = speed.batch() == 1 ? "" : speed.batch() + " x ";
        return String.format(
                Locale.ROOT,
                "%nprefill of %s%d tokens: %s%ndecode of %s%d tokens:  %s",
                times,
                speed.promptTokens(),
                samples(speed.prefillTokensPerSecond()),
                times,
                speed.generateTokens(),
                samples(speed.decodeTokensPerSecond()));
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
            @Nullable Integer headBits,
            String backend,
            String kernels,
            int threads,
            int promptTokens,
            int generateTokens,
            Throughput throughput,
            Memory memory,
            @Nullable MachineShare machine) {}
}
