package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.LaterSinq;
import dev.sinq4j.method.LlamaCpp;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.Rounding;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Quantizes a model and writes it, layer by layer: memory holds the working set of one layer, and the folder appears under
 * its name only when everything is on the disk.
 */
public final class CheckpointExport {

    /** Room for headers, index, sidecar and the rounding of estimates. */
    private static final double SLACK = 1.05;

    private static final long SMALL_FILES = 64L << 20;

    private CheckpointExport() {}

    /**
     * Runs an export.
     *
     * @param finished hears of every layer once it is quantized, with its warnings
     * @throws UsageFailure if the folder is there and may not be replaced, or method, format and model do not go together
     * @throws dev.sinq4j.failure.UnavailableFailure if the disk is too small or a tensor cannot be quantized
     */
    public static ExportResult run(ModelSource source, ExportRequest request, BiConsumer<Linear, Quantized> finished) {
        requireQuantizing(request);
        requireOneRounding(request);
        requireElsewhere(request);
        long start = System.nanoTime();
        Architecture architecture = source.architecture();
        DType type = type(request);
        try (OutputFolder folder =
                OutputFolder.create(request.out(), request.replace(), estimatedBytes(architecture, request, type))) {
            long weightBytes;
            long quantizableBytes;
            try (CheckpointWriter writer = writer(request, folder.path(), type);
                    ExportedModel model = new ExportedModel(source, request.format() == ExportFormat.SINQ, writer)) {
                request.layers().forEach(source, finished.andThen(model::add));
                model.finish();
                weightBytes = model.weightBytes();
                quantizableBytes = model.quantizableBytes();
            }
            CheckpointFiles.copy(request.config(), folder.path(), type);
            folder.commit();
            return new ExportResult(
                    (System.nanoTime() - start) / 1e9,
                    architecture.parameterCount(),
                    weightBytes,
                    8.0 * quantizableBytes / architecture.quantizableCount(),
                    request.out().toString());
        }
    }

    private static void requireQuantizing(ExportRequest request) {
        if (request.format() == ExportFormat.SINQ && request.method() instanceof Dense)
            throw new UsageFailure("method none quantizes nothing, so there is no checkpoint in the format sinq; write"
                    + " --format dense, or name another method");
    }

    private static Optional<SinqFamily> family(Method method) {
        return switch (method) {
            case SinqFamily family -> Optional.of(family);
            case LaterSinq later -> Optional.of(later.family());
            default -> Optional.empty();
        };
    }

    /** The format has one word for the codes of all layers, and a gated layer's are others. */
    private static void requireOneRounding(ExportRequest request) {
        if (request.format() != ExportFormat.SINQ
                || !(request.method() instanceof LaterSinq later)
                || later.kurtosisGate() == null) return;
        switch (later.family().rounding()) {
            case UNIFORM_ASYMMETRIC, HQQ -> {}
            case UNIFORM_SYMMETRIC, NF4, NF3 ->
                throw new UsageFailure(
                        "method " + later.name() + " with a kurtosis gate rounds layers in two ways, which"
                                + " the format sinq cannot say; write --format dense, or leave the gate out");
        }
    }

    private static void requireElsewhere(ExportRequest request) {
        Path model = request.config().toAbsolutePath().normalize().getParent();
        if (request.out().toAbsolutePath().normalize().equals(model))
            throw new UsageFailure(request.out() + " is the model itself; choose another --out");
    }

    private static CheckpointWriter writer(ExportRequest request, Path folder, DType type) {
        return switch (request.format()) {
            case SINQ -> new SinqCheckpointWriter(folder, request.maxShardBytes(), request.method(), type);
            case GGUF -> throw new IllegalArgumentException("a GGUF file has an export of its own");
            case DENSE -> new DenseCheckpointWriter(folder, request.maxShardBytes(), request.type(), type);
        };
    }

    private static DType type(ExportRequest request) {
        if (request.type().isPresent()) return request.type().get();
        boolean codebook = family(request.method())
                .filter(family -> family.rounding() == Rounding.NF4 || family.rounding() == Rounding.NF3)
                .isPresent();
        return codebook && request.format() == ExportFormat.SINQ
                ? DType.F16
                : CheckpointFiles.statedType(request.config());
    }

    /** Of a number; a matrix rounded to blocks that no packed weight has is written as fp32. */
    private static double packedBytes(Method method) {
        return method instanceof LlamaCpp ? Float.BYTES : method.bits() / 8.0 + 4.0 / Math.max(1, method.group());
    }

    /** The result, and once more the largest shard, which lies in the spill file while it is written. */
    private static long estimatedBytes(Architecture architecture, ExportRequest request, DType type) {
        long others = architecture.parameterCount() - architecture.quantizableCount();
        double perNumber = request.format() == ExportFormat.DENSE ? type.bytes() : packedBytes(request.method());
        double total = SLACK * (others * (double) type.bytes() + architecture.quantizableCount() * perNumber);
        return (long) (total + Math.min(total, (double) request.maxShardBytes())) + SMALL_FILES;
    }
}
