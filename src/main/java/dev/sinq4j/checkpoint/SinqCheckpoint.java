package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.FileSum;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.family.Families;
import dev.sinq4j.safetensors.SafetensorsFolder;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A quantized model in the SINQ reference's format ({@code save_quantized_safetensors}), as written by the reference or by
 * {@link SinqCheckpointWriter}. Files stay mapped until {@link #close}; a layer is unpacked whenever it is asked for.
 *
 * <p>The rotary frequencies stored in such a checkpoint are rounded to the compute type and are not used: they follow from
 * the configuration.
 */
public final class SinqCheckpoint implements ModelSource {

    private static final String CONFIG = "config.json";

    private final Path folder;
    private final Architecture architecture;
    private final Sidecar sidecar;
    private final SafetensorsFolder tensors;

    private SinqCheckpoint(Path folder, Architecture architecture, Sidecar sidecar, SafetensorsFolder tensors) {
        this.folder = folder;
        this.architecture = architecture;
        this.sidecar = sidecar;
        this.tensors = tensors;
    }

    /** Whether a folder holds a quantized checkpoint, well-formed or not. */
    public static boolean isPresent(Path folder) {
        return Files.exists(folder.resolve(Sidecar.FILE));
    }

    /**
     * Maps the files and checks architecture, sidecar and tensors against each other.
     *
     * @throws UnavailableFailure naming file, tensor and field, what was expected and what was found
     */
    public static SinqCheckpoint open(Path folder) {
        Architecture architecture = Families.read(folder.resolve(CONFIG));
        Sidecar sidecar = Sidecar.read(folder.resolve(Sidecar.FILE));
        SafetensorsFolder tensors = SafetensorsFolder.open(folder);
        try {
            new CheckpointCheck(folder, architecture, sidecar, tensors.tensors()).check();
            return new SinqCheckpoint(folder, architecture, sidecar, tensors);
        } catch (RuntimeException | Error e) {
            tensors.close();
            throw e;
        }
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public String description() {
        return folder.toString();
    }

    /**
     * What the sidecar says of how layers were quantized, such as {@code sinq_quantAux, 4 bit, group 64}; the first layer
     * speaks for all. Empty where no layer is quantized.
     */
    public Optional<String> settings() {
        return sidecar.layers().values().stream()
                .findFirst()
                .map(meta -> meta.method().text() + ", " + meta.bits() + " bit, group " + meta.group());
    }

    /** Bits and group of a quantized matrix. */
    public record Packed(int bits, int group) {}

    /** How a matrix is stored; empty where it is dense. */
    public Optional<Packed> packed(Linear linear) {
        return Optional.ofNullable(sidecar.layers()
                        .get(LayerNames.ofWeight(linear.tensor()).leaf()))
                .map(meta -> new Packed(meta.bits(), meta.group()));
    }

    /** Bytes a matrix takes in the files, scales and zeros included; of one that stands for a block format, the block's. */
    public long storedBytes(Linear linear) {
        LayerNames names = LayerNames.ofWeight(linear.tensor());
        if (!sidecar.layers().containsKey(names.leaf()))
            return Objects.requireNonNullElseGet(
                    sidecar.denseBytes().get(names.leaf()),
                    () -> tensors.tensor(linear.tensor()).data().byteSize());
        return names.all().stream()
                .filter(tensors::has)
                .mapToLong(name -> tensors.tensor(name).data().byteSize())
                .sum();
    }

    /** Layers that are quantized. */
    public int quantizedLayers() {
        return sidecar.layers().size();
    }

    @Override
    public Weight weight(Linear linear, Arena arena) {
        LayerNames names = LayerNames.ofWeight(linear.tensor());
        LayerMeta meta = sidecar.layers().get(names.leaf());
        if (meta != null) {
            PackedWeight packed = new LayerDecoder(folder.toString(), tensors.tensors())
                    .decode(names, meta, sidecar.extension(names.leaf()));
            // decoding copied them, and a model in memory twice would be twice as large
            tensors.tensor(names.codes()).release();
            return packed;
        }
        Tensor tensor = tensors.tensor(linear.tensor());
        Long bytes = sidecar.denseBytes().get(names.leaf());
        return bytes == null ? new DenseWeight(tensor) : new DenseWeight(tensor, bytes);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Single numbers (xIELU's) are widened to fp32: what is derived from them is then computed in fp32 like everything
     * else, as in a reloaded model of the reference that is widened as a whole. (In a dense model they keep their type, which
     * is how transformers treats them.)
     */
    @Override
    public Tensor tensor(Parameter parameter, Arena arena) {
        Tensor tensor = tensors.tensor(parameter.name());
        return tensor.elements() == 1 ? WeightConversion.convert(tensor, DType.F32, arena) : tensor;
    }

    @Override
    public Map<String, String> sha256() {
        Map<String, String> sums = new LinkedHashMap<>();
        for (String file : new String[] {CONFIG, Sidecar.FILE}) sums.put(file, FileSum.sha256(folder.resolve(file)));
        for (Path file : tensors.files()) sums.put(String.valueOf(file.getFileName()), FileSum.sha256(file));
        return sums;
    }

    @Override
    public boolean synthetic() {
        return false;
    }

    @Override
    public void close() {
        tensors.close();
    }
}
