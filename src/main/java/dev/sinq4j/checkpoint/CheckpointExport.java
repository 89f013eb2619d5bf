package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.Rounding;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quantizes a model and writes it, one layer at a time: memory holds the working set of one layer, and the folder appears
 * under its name only when everything is on the disk.
 */
public final class CheckpointExport {

    /** Room for headers, index, sidecar and the rounding of estimates. */
    private static final double SLACK = 1.05;

    private static final long SMALL_FILES = 64L << 20;

    private final ModelSource source;
    private final ExportRequest request;
    private final ExportProgress progress;
    private final Architecture architecture;
    private long weightBytes;
    private long quantizableBytes;
    private int done;

    private CheckpointExport(ModelSource source, ExportRequest request, ExportProgress progress) {
        this.source = source;
        this.request = request;
        this.progress = progress;
        this.architecture = source.architecture();
    }

    /**
     * Runs an export.
     *
     * @throws UsageFailure if the folder is there and may not be replaced, or method, format and model do not go together
     * @throws dev.sinq4j.failure.UnavailableFailure if the disk is too small or a tensor cannot be quantized
     */
    public static ExportResult run(ModelSource source, ExportRequest request, ExportProgress progress) {
        if (request.format() == ExportFormat.SINQ && request.method() instanceof Dense)
            throw new UsageFailure("method none quantizes nothing, so there is no checkpoint in the format sinq; write"
                    + " --format dense, or name another method");
        requireElsewhere(request);
        return new CheckpointExport(source, request, progress).run();
    }

    private static void requireElsewhere(ExportRequest request) {
        Path model = request.config().toAbsolutePath().normalize().getParent();
        if (request.out().toAbsolutePath().normalize().equals(model))
            throw new UsageFailure(request.out() + " is the model itself; choose another --out");
    }

    private ExportResult run() {
        long start = System.nanoTime();
        DType type = type();
        try (OutputFolder folder = OutputFolder.create(request.out(), request.replace(), estimatedBytes(type))) {
            try (CheckpointWriter writer = writer(folder.path(), type)) {
                for (ModelItem item : ModelItem.of(architecture, request.format() == ExportFormat.SINQ))
                    write(item, writer);
                writer.finish();
            }
            CheckpointFiles.copy(request.config(), folder.path(), type);
            folder.commit();
        }
        return new ExportResult(
                (System.nanoTime() - start) / 1e9,
                architecture.parameterCount(),
                weightBytes,
                8.0 * quantizableBytes / architecture.quantizableCount(),
                request.out().toString());
    }

    private CheckpointWriter writer(Path folder, DType type) {
        return switch (request.format()) {
            case SINQ -> new SinqCheckpointWriter(folder, request.maxShardBytes(), request.method(), type);
            case DENSE -> new DenseCheckpointWriter(folder, request.maxShardBytes(), request.type(), type);
        };
    }

    private DType type() {
        if (request.type().isPresent()) return request.type().get();
        boolean codebook = request.method() instanceof SinqFamily family
                && (family.rounding() == Rounding.NF4 || family.rounding() == Rounding.NF3);
        return codebook && request.format() == ExportFormat.SINQ
                ? DType.F16
                : CheckpointFiles.statedType(request.config());
    }

    private void write(ModelItem item, CheckpointWriter writer) {
        // shared, because quantizers read a weight with several threads
        try (Arena arena = Arena.ofShared()) {
            switch (item) {
                case ModelItem.Layer layer -> writeLayer(layer.linear(), writer, arena);
                case ModelItem.Matrix matrix ->
                    writeTensor(dense(matrix.linear(), arena).tensor(), writer);
                case ModelItem.Numbers numbers -> writeTensor(source.tensor(numbers.parameter(), arena), writer);
                case ModelItem.Frequencies frequencies -> writer.tensor(frequencies(frequencies.name()));
            }
        }
    }

    private void writeTensor(Tensor tensor, CheckpointWriter writer) {
        writer.tensor(tensor);
        weightBytes += tensor.data().byteSize();
    }

    private void writeLayer(Linear linear, CheckpointWriter writer, Arena arena) {
        Quantized layer = quantized(linear, arena);
        Optional<Tensor> bias = linear.bias().map(parameter -> source.tensor(parameter, arena));
        writer.layer(linear, layer.weight(), bias);
        weightBytes += layer.weight().storedBytes();
        quantizableBytes += layer.weight().storedBytes();
        bias.ifPresent(tensor -> weightBytes += tensor.data().byteSize());
        done++;
        progress.quantized(linear.id(), layer, done, layers());
    }

    private int layers() {
        return (int) architecture.linears().stream().filter(Linear::quantizable).count();
    }

    private Quantized quantized(Linear linear, Arena arena) {
        if (request.method() instanceof Dense) return new Quantized(source.weight(linear, arena), List.of(), Map.of());
        return request.quantizer()
                .quantize(dense(linear, arena).tensor(), request.inputs().apply(linear));
    }

    private DenseWeight dense(Linear linear, Arena arena) {
        Weight weight = source.weight(linear, arena);
        return switch (weight) {
            case DenseWeight dense -> dense;
            case PackedWeight _ ->
                throw new UsageFailure(source.description() + ": " + linear.tensor()
                        + " is quantized already; quantize the dense model, or write --method none --format dense");
        };
    }

    private Tensor frequencies(String name) {
        float[] frequencies = architecture.rope().frequencies(1);
        return Numbers.tensor(name, List.of((long) frequencies.length), frequencies);
    }

    /** The result, and once more the largest shard, which lies in the spill file while it is written. */
    private long estimatedBytes(DType type) {
        long others = architecture.parameterCount() - architecture.quantizableCount();
        double perLayerNumber = request.format() == ExportFormat.DENSE
                ? type.bytes()
                : request.method().bits() / 8.0
                        + 4.0 / Math.max(1, request.method().group());
        double total = SLACK * (others * (double) type.bytes() + architecture.quantizableCount() * perLayerNumber);
        return (long) (total + Math.min(total, (double) request.maxShardBytes())) + SMALL_FILES;
    }
}
