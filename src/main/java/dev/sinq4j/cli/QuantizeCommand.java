package dev.sinq4j.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.sinq4j.checkpoint.CheckpointExport;
import dev.sinq4j.checkpoint.ExportFormat;
import dev.sinq4j.checkpoint.ExportRequest;
import dev.sinq4j.checkpoint.ExportResult;
import dev.sinq4j.checkpoint.GgufExport;
import dev.sinq4j.checkpoint.LayerStream;
import dev.sinq4j.experiment.Backends;
import dev.sinq4j.experiment.LocatedModel;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.gguf.GgufFileType;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.metric.MemoryTrace;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.report.chart.MemoryFigure.Level;
import dev.sinq4j.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "quantize", description = "Quantizes a model and writes a checkpoint.")
final class QuantizeCommand extends Subcommand {

    private static final Logger LOG = LoggerFactory.getLogger(QuantizeCommand.class);

    @Option(names = "--model", required = true, paramLabel = "M", description = MODEL)
    String model = "";

    @Option(
            names = "--method",
            required = true,
            paramLabel = "NAME",
            description = "none, rtn, hqq, sinq, asinq ...; a wrong name gets the list.")
    String method = "";

    @Option(names = "--bits", paramLabel = "B", description = "Bits of a code; the method's default if absent.")
    @Nullable
    Integer bits;

    @Option(names = "--group", paramLabel = "G", description = "Columns that share a scale; 64 by default.")
    @Nullable
    Integer group;

    @Option(names = "--tiling", paramLabel = "1d|2d", description = "Shape of a Sinkhorn tile; 1d by default.")
    @Nullable
    String tiling;

    @Option(names = "--aux", paramLabel = "int8|fp16|fp32", description = "How scales and zeros are stored.")
    @Nullable
    String aux;

    @Option(
            names = "--calibration",
            paramLabel = "TEXT",
            defaultValue = "bundled",
            description = "A file, or a known text (bundled, reference-prompts), whose activations asinq sees."
                    + " Default: ${DEFAULT-VALUE}.")
    String calibration = "bundled";

    @Option(
            names = "--reference-exact",
            description = "Reproduce the reference implementation's defects instead of mending them.")
    boolean referenceExact;

    @Mixin
    PreSinqOptions presinq = new PreSinqOptions();

    @Option(
            names = "--option",
            paramLabel = "KEY=VALUE",
            description = "A setting only some methods have, such as act-order=true or damping=0.05; may be repeated.")
    Map<String, String> further = new LinkedHashMap<>();

    @Option(
            names = "--format",
            paramLabel = "sinq|dense|gguf",
            defaultValue = "sinq",
            description =
                    "sinq: the reference's checkpoint; dense: plain safetensors with the dequantized weights; gguf:"
                            + " one file for llama.cpp. Default: ${DEFAULT-VALUE}.")
    ExportFormat format = ExportFormat.SINQ;

    @Option(
            names = "--gguf-type",
            paramLabel = "TYPE",
            description =
                    "What --format gguf stores matrices as: f32, f16, bf16, q8_0, q5_0, q4_1, q4_0, iq4_nl, q3_k_s;"
                            + " the method's own if it is one of these, f16 else.")
    @Nullable
    String ggufType;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write; with --format gguf the file, ending in .gguf.")
    Path out = Path.of("");

    @Option(names = "--force", description = "Replace a model that is there.")
    boolean force;

    @Option(names = "--no-cache", description = "Quantize every layer anew, and keep none for another run.")
    boolean noCache;

    @Option(
            names = "--memory-figure",
            paramLabel = "FILE.svg",
            description = "Draw the memory taken over time, page cache left out; the numbers go to FILE.csv.")
    @Nullable
    Path memoryFigure;

    @Override
    int execute(Console console) {
        Method wanted = wanted();
        if (format == ExportFormat.GGUF) return gguf(wanted, console);
        if (ggufType != null) throw new UsageFailure("--gguf-type needs --format gguf");
        try (HubAccess hub = new HubAccess(console);
                LocatedModel located = hub.models().open(model)) {
            QuantizationWork work = work(wanted, located);
            ExportRequest request = new ExportRequest(
                    located.config(),
                    wanted,
                    layers(work),
                    format,
                    Optional.empty(),
                    ExportRequest.MAX_SHARD_BYTES,
                    out,
                    force);
            ModelSource source = presinq.apply(located.source(), Optional.empty());
            write(work, source, console, finished -> CheckpointExport.run(source, request, finished));
            return 0;
        }
    }

    /** Runs an export, watching memory, and says what came of it. */
    private void write(
            QuantizationWork work,
            ModelSource source,
            Console console,
            Function<BiConsumer<Linear, Quantized>, ExportResult> export) {
        try (MemoryTrace trace = MemoryTrace.begin()) {
            ExportResult result = counting(source, work.method(), console, export);
            if (memoryFigure != null) draw(memoryFigure, source.architecture(), work, trace);
            OptionalLong peak = trace.peakBytes();
            Written written = new Written(result, peak.isPresent() ? peak.getAsLong() : null);
            console.result(text(written), written);
        }
    }

    private void draw(Path file, Architecture architecture, QuantizationWork work, MemoryTrace trace) {
        TracedMemory.write(
                file,
                "Memory while " + work.method().name() + " quantizes " + model,
                trace.samples(),
                List.of(
                        new Level(
                                "planned: program and largest matrix",
                                work.needs().bytes()),
                        new Level("the dense model", 2 * architecture.parameterCount())));
    }

    /** What {@code --json} shows: the result, and the peak of memory without the pages of mapped files. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Written(
            @JsonUnwrapped ExportResult result, @Nullable Long peakAnonymousBytes) {}

    private int gguf(Method wanted, Console console) {
        Optional<GgufFileType> own = GgufFileType.named(wanted.name());
        GgufFileType asked = named("--gguf-type", ggufType, GgufFileType.values(), GgufFileType::label);
        GgufFileType type = asked == null ? own.orElse(GgufFileType.F16) : asked;
        try (HubAccess hub = new HubAccess(console);
                LocatedModel located = hub.models().open(model)) {
            // a block format rounds when it is written, and only then
            QuantizationWork work = work(wanted, located);
            LayerStream layers = own.isPresent() ? LayerStream.stored() : layers(work);
            GgufExport export = new GgufExport(located.config(), layers, type, out, force);
            // fp32, so that a scaled number is rounded once, to its block
            ModelSource source = presinq.apply(located.source(), Optional.of(DType.F32));
            write(work, source, console, finished -> export.run(source, finished));
            return 0;
        }
    }

    private Method wanted() {
        return Methods.of(new MethodRequest(
                method,
                bits,
                group,
                named("--tiling", tiling, Tiling.values(), Tiling::label),
                named("--aux", aux, AuxPrecision.values(), AuxPrecision::label),
                options()));
    }

    private Map<MethodOption, Object> options() {
        Map<MethodOption, Object> options = new EnumMap<>(MethodOption.class);
        if (referenceExact) options.put(MethodOption.REFERENCE_EXACT, true);
        further.forEach((key, text) -> options.put(option(key), MethodOptionText.value(option(key), text)));
        return options;
    }

    private static MethodOption option(String key) {
        return MethodOption.of(key)
                .orElseThrow(() -> new UsageFailure("--option " + key + ": no method has such a setting; there are "
                        + String.join(", ", MethodOption.keys())));
    }

    private static <T> @Nullable T named(String option, @Nullable String text, T[] values, Function<T, String> label) {
        if (text == null) return null;
        for (T value : values) if (label.apply(value).equals(text.toLowerCase(Locale.ROOT))) return value;
        List<String> labels = Arrays.stream(values).map(label).toList();
        throw new UsageFailure(option + ": expected " + String.join(", ", labels) + ", found '" + text + "'");
    }

    private QuantizationWork work(Method wanted, LocatedModel located) {
        return QuantizationWork.of(
                wanted, calibration, located, () -> Backends.freeDeviceBytes(common.backendOrAuto()));
    }

    private LayerStream layers(QuantizationWork work) {
        return work.layers(noCache, () -> Backends.open(common.backendOrAuto(), common.threadsOrAll()));
    }

    /** Shows how many layers are done, and their warnings. */
    private static ExportResult counting(
            ModelSource source,
            Method method,
            Console console,
            Function<BiConsumer<Linear, Quantized>, ExportResult> export) {
        long layers = source.architecture().linears().stream()
                .filter(Linear::quantizable)
                .count();
        try (Progress.Task task = console.progress().begin("quantize " + method.name(), layers)) {
            return export.apply((linear, layer) -> {
                layer.warnings().forEach(warning -> LOG.warn("{}", warning));
                task.advance(1);
            });
        }
    }

    private static String text(Written written) {
        ExportResult result = written.result();
        return String.format(
                Locale.ROOT,
                "%s: %.3f bits per weight, %s of weights, in %.1f s with at most %s of memory",
                result.out(),
                result.bitsPerWeight(),
                PlanText.bytes(result.weightBytes()),
                result.seconds(),
                PlanText.bytes(written.peakAnonymousBytes()));
    }
}
