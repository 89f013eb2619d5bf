package dev.sinq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.family.Families;
import dev.sinq4j.safetensors.SafetensorsWriter;
import dev.sinq4j.safetensors.SafetensorsWriter.Declaration;
import dev.sinq4j.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes models of zeros, for tests: what a configuration expects, or almost that. */
final class ModelFolder {

    private final Map<String, Declaration> tensors = new LinkedHashMap<>();

    /** The tensors of an architecture, without a tied head. */
    ModelFolder(ObjectNode config) {
        Architecture architecture = Families.read("test", config);
        for (Parameter parameter : architecture.parameters()) with(parameter.name(), DType.BF16, parameter.shape());
        List<Linear> linears = new ArrayList<>(architecture.linears());
        linears.add(architecture.head());
        for (Linear linear : linears) with(linear.tensor(), DType.BF16, linear.shape());
    }

    ModelFolder with(String name, DType dtype, List<Long> shape) {
        tensors.put(name, new Declaration(name, dtype, shape));
        return this;
    }

    ModelFolder without(String name) {
        tensors.remove(name);
        return this;
    }

    /** @return {@code folder} */
    Path write(Path folder, ObjectNode config) {
        try (Arena arena = Arena.ofConfined();
                SafetensorsWriter writer = SafetensorsWriter.create(
                        folder.resolve("model.safetensors"), Map.of(), List.copyOf(tensors.values()))) {
            Files.writeString(folder.resolve("config.json"), config.toString());
            for (Declaration tensor : tensors.values()) {
                long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
                writer.write(
                        tensor.name(), arena.allocate(elements * tensor.dtype().bytes()));
            }
            writer.commit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
