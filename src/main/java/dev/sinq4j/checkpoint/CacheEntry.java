package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.checkpoint.QuantizedLayerCache.CachedLayer;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.safetensors.SafetensorsWriter;
import dev.sinq4j.safetensors.SafetensorsWriter.Declaration;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One quantized layer in a file of its own: the tensors of a checkpoint, and in the file's metadata what its sidecar would say,
 * the layer's warnings, notes and seconds, and a checksum of all of it.
 */
final class CacheEntry {

    private static final LayerNames NAMES = new LayerNames("layer");
    private static final String META = "meta";
    private static final String EXTENSION = "extension";
    private static final String WARNINGS = "warnings";
    private static final String NOTES = "notes";
    private static final String SECONDS = "seconds";
    private static final String CHECKSUM = "sha256";
    private static final JsonMapper JSON = new JsonMapper();

    private CacheEntry() {}

    /** @throws UnavailableFailure if the file cannot be written */
    static void write(Path file, Method method, PackedWeight weight, CachedLayer cached) {
        Quantized layer = cached.layer();
        // a method string without levels of its own, so that a codebook is stored whole
        LayerEncoder encoder = new LayerEncoder(
                new ReferenceMethod("rtn"), Objects.requireNonNullElse(method.tiling(), Tiling.ONE_D), DType.F32);
        EncodedLayer encoded = encoder.encode(NAMES, weight, Optional.empty());
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(META, encoded.meta().toJson().toString());
        metadata.put(EXTENSION, encoded.extension().toJson().toString());
        metadata.put(WARNINGS, text(layer.warnings()));
        metadata.put(NOTES, text(layer.notes()));
        metadata.put(SECONDS, Double.toString(cached.seconds()));
        metadata.put(CHECKSUM, checksum(metadata, encoded.tensors()));
        List<Declaration> declarations =
                encoded.tensors().stream().map(Declaration::of).toList();
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, metadata, declarations)) {
            for (Tensor tensor : encoded.tensors()) writer.write(tensor.name(), tensor.data());
            writer.commit();
        }
    }

    /** @throws UnavailableFailure if the file is damaged in any way */
    static CachedLayer read(Path file) {
        try (SafetensorsFile entry = SafetensorsFile.open(file)) {
            Map<String, String> metadata = new LinkedHashMap<>(entry.metadata());
            String stated = String.valueOf(metadata.remove(CHECKSUM));
            if (!checksum(metadata, List.copyOf(entry.tensors().values())).equals(stated))
                throw new UnavailableFailure(file + ": the contents do not match their checksum");
            LayerMeta meta = LayerMeta.read(file + ": " + META, JSON.readTree(metadata.get(META)));
            LayerExtension extension = LayerExtension.read(file.toString(), JSON.readTree(metadata.get(EXTENSION)));
            PackedWeight weight = new LayerDecoder(file.toString(), entry.tensors()).decode(NAMES, meta, extension);
            Quantized layer = new Quantized(
                    weight,
                    JSON.readValue(metadata.get(WARNINGS), new TypeReference<List<String>>() {}),
                    JSON.readValue(metadata.get(NOTES), new TypeReference<Map<String, Object>>() {}));
            return new CachedLayer(layer, JSON.readValue(metadata.get(SECONDS), Double.class), true);
        } catch (JsonProcessingException e) {
            throw new UnavailableFailure(file + ": metadata is no JSON: " + e.getMessage(), e);
        }
    }

    private static String checksum(Map<String, String> metadata, List<Tensor> tensors) {
        MessageDigest digest = Digests.sha256();
        metadata.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(text -> {
            Digests.add(digest, text.getKey());
            Digests.add(digest, text.getValue());
        });
        tensors.stream().sorted(Comparator.comparing(Tensor::name)).forEach(tensor -> Digests.add(digest, tensor));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("notes of a layer are numbers, texts and lists of them", e);
        }
    }
}
