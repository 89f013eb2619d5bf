package dev.sinq4j.cli.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.cli.inspect.Inspection.StoredFile;
import dev.sinq4j.cli.inspect.Inspection.StoredTensor;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.gguf.GgufFile;
import dev.sinq4j.gguf.GgufTensor;
import dev.sinq4j.hub.FileHashes;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.safetensors.SafetensorsFolder;
import dev.sinq4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what files say of themselves; of the weights only the headers, unless hashes are asked for.
 *
 * @param hashes   computes SHA-256; null for none
 * @param progress hears of the bytes hashed
 */
public record Inspector(@Nullable FileHashes hashes, Progress progress) {

    private static final int MOST_SHOWN = 64;

    /**
     * @param path a folder or a file of weights
     * @throws UnavailableFailure if there is nothing to inspect, or it is damaged
     */
    public Inspection inspect(Path path) throws IOException {
        if (!Files.exists(path)) throw new UnavailableFailure(path + ": no such file or folder");
        if (Files.isDirectory(path)) return folder(path);
        if (path.toString().endsWith(".gguf")) return gguf(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return inspection(path, null, file.tensors().values(), List.of(path), List.of());
        }
    }

    private Inspection folder(Path path) throws IOException {
        try (SafetensorsFolder folder = SafetensorsFolder.open(path)) {
            return inspection(
                    path, architecture(path), folder.tensors().values(), folder.files(), SinqSidecar.settings(path));
        }
    }

    private Inspection inspection(
            Path path,
            @Nullable String architecture,
            Collection<Tensor> tensors,
            List<Path> files,
            List<Inspection.Setting> quantization)
            throws IOException {
        return new Inspection(
                path.toString(),
                "safetensors",
                architecture,
                tensors.stream().mapToLong(Tensor::elements).sum(),
                tensors.stream().mapToLong(tensor -> tensor.data().byteSize()).sum(),
                null,
                quantization,
                stored(files),
                tensors.stream()
                        .map(tensor -> new StoredTensor(
                                tensor.name(),
                                tensor.dtype().name(),
                                tensor.shape(),
                                tensor.data().byteSize()))
                        .toList());
    }

    private Inspection gguf(Path path) throws IOException {
        try (GgufFile file = GgufFile.open(path)) {
            Collection<GgufTensor> tensors = file.tensors().values();
            return new Inspection(
                    path.toString(),
                    "gguf",
                    String.valueOf(file.metadata().getOrDefault("general.architecture", "unknown")),
                    tensors.stream().mapToLong(GgufTensor::elements).sum(),
                    tensors.stream()
                            .mapToLong(tensor -> tensor.data().byteSize())
                            .sum(),
                    shortened(file.metadata()),
                    List.of(),
                    stored(List.of(path)),
                    tensors.stream()
                            .map(tensor -> new StoredTensor(
                                    tensor.name(),
                                    tensor.type().name(),
                                    tensor.shape(),
                                    tensor.data().byteSize()))
                            .toList());
        }
    }

    /** Tokens, merges and scores run to hundreds of thousands. */
    private static Map<String, Object> shortened(Map<String, Object> metadata) {
        Map<String, Object> shortened = new LinkedHashMap<>();
        metadata.forEach((key, value) -> shortened.put(
                key, value instanceof List<?> list && list.size() > MOST_SHOWN ? "a list of " + list.size() : value));
        return shortened;
    }

    private List<StoredFile> stored(List<Path> files) throws IOException {
        long total = 0;
        for (Path file : files) total += Files.size(file);
        List<StoredFile> stored = new ArrayList<>();
        try (Progress.Task task = progress.begin("hash", total)) {
            for (Path file : files) {
                long bytes = Files.size(file);
                String name = file.getFileName().toString();
                stored.add(new StoredFile(name, bytes, hashes == null ? null : hashes.sha256(file)));
                task.advance(bytes);
            }
        }
        return stored;
    }

    private static @Nullable String architecture(Path folder) throws IOException {
        Path config = folder.resolve("config.json");
        if (!Files.isRegularFile(config)) return null;
        try {
            return new ObjectMapper()
                    .readTree(config.toFile())
                    .path("model_type")
                    .asText("unknown");
        } catch (JsonProcessingException e) {
            throw new UnavailableFailure(config + ": is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
