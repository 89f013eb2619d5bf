package dev.sinq4j.model;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.family.Families;
import dev.sinq4j.safetensors.SafetensorsFolder;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A dense model in Hugging Face layout: config.json and safetensors, which stay mapped until {@link #close}. */
public final class ModelFiles implements ModelSource {

    private static final String CONFIG = "config.json";

    private final Path folder;
    private final Architecture architecture;
    private final SafetensorsFolder tensors;

    private ModelFiles(Path folder, Architecture architecture, SafetensorsFolder tensors) {
        this.folder = folder;
        this.architecture = architecture;
        this.tensors = tensors;
    }

    /**
     * Reads the architecture, maps the weights and checks one against the other.
     *
     * @throws UnavailableFailure naming file and field or tensor if something is missing, damaged or contradictory
     */
    public static ModelFiles open(Path folder) {
        if (!Files.isDirectory(folder)) throw new UnavailableFailure(folder + ": there is no such folder");
        Architecture architecture = Families.read(folder.resolve(CONFIG));
        SafetensorsFolder tensors = SafetensorsFolder.open(folder);
        try {
            new TensorCheck(folder.resolve(CONFIG), architecture, tensors.tensors()).check();
            return new ModelFiles(folder, architecture, tensors);
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

    @Override
    public Weight weight(Linear linear, Arena arena) {
        return new DenseWeight(tensors.tensor(linear.tensor()));
    }

    @Override
    public Tensor tensor(Parameter parameter, Arena arena) {
        return tensors.tensor(parameter.name());
    }

    @Override
    public Map<String, String> sha256() {
        Map<String, String> sums = new LinkedHashMap<>();
        sums.put(CONFIG, FileSum.sha256(folder.resolve(CONFIG)));
        for (Path file : tensors.files()) sums.put(file.getFileName().toString(), FileSum.sha256(file));
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
