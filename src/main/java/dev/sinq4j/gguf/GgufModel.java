package dev.sinq4j.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.safetensors.SafetensorsWriter;
import dev.sinq4j.safetensors.SafetensorsWriter.Declaration;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A language model in a GGUF file, seen as a folder in Hugging Face layout: the same names, shapes, row orders and JSON files.
 *
 * <p>Converters to GGUF reorder the rows of Llama's q and k, so that the two halves a rotation pairs lie side by side; here they
 * are put back: row 64 h + 32 p + i of a head of 64 is the file's row 64 h + 2 i + p. Qwen's are stored as they are.
 *
 * <p>Tensors are widened to fp32 and, unless fp32 is asked for, rounded to bf16 (nearest, ties to even).
 */
public final class GgufModel implements AutoCloseable {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int MOST_EXPERTS = 4096;

    /**
     * @param heads    heads whose rows are to be put back into order; 0 where they are in order
     * @param firstRow of the tensor's rows, where it holds several
     * @param shape    outermost first
     */
    private record Source(GgufTensor tensor, long heads, long firstRow, List<Long> shape) {}

    private final GgufFile file;
    private final DType dtype;
    private final GgufMetadata metadata;
    private final ObjectNode config;
    private final XieluNumbers xielu;
    private final Map<String, Source> sources;

    private GgufModel(GgufFile file, DType dtype) {
        this.file = file;
        this.dtype = dtype;
        this.metadata = new GgufMetadata(file);
        this.config = GgufConfig.of(metadata, file.tensors());
        config.put("torch_dtype", dtype == DType.BF16 ? "bfloat16" : "float32");
        this.xielu = new XieluNumbers(metadata);
        this.sources = Collections.unmodifiableMap(sources());
    }

    /** Opens a file; its tensors become bf16. */
    public static GgufModel open(Path path) {
        return open(path, DType.BF16);
    }

    /**
     * Opens a file.
     *
     * @param dtype what its tensors become: BF16 or F32
     * @throws UnavailableFailure if the file is damaged, or holds a model this program does not convert
     */
    public static GgufModel open(Path path, DType dtype) {
        if (dtype != DType.BF16 && dtype != DType.F32)
            throw new IllegalArgumentException("tensors become BF16 or F32, not " + dtype);
        GgufFile file = GgufFile.open(path);
        try {
            return new GgufModel(file, dtype);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private Map<String, Source> sources() {
        boolean reordered = metadata.architecture().equals("llama");
        long heads = config.get("num_attention_heads").asLong();
        long keyHeads = config.get("num_key_value_heads").asLong();
        Map<String, Source> found = new LinkedHashMap<>();
        for (GgufTensor tensor : file.tensors().values()) {
            if (tensor.name().equals("rope_freqs.weight")) continue; // in the configuration
            if (TensorNames.stacked(tensor.name()).isPresent()) {
                addExperts(tensor, TensorNames.stacked(tensor.name()).get(), found);
                continue;
            }
            String name = TensorNames.huggingFace(tensor.name(), metadata.architecture())
                    .orElseThrow(() -> new UnavailableFailure(metadata.name() + ": tensor '" + tensor.name()
                            + "' has no place in a model of the architecture " + metadata.architecture()));
            long order = !reordered ? 0 : name.contains(".q_proj.") ? heads : name.contains(".k_proj.") ? keyHeads : 0;
            if (order > 0 && (tensor.shape().isEmpty() || tensor.shape().getFirst() % (2 * order) != 0))
                throw new UnavailableFailure(metadata.name() + ": tensor '" + tensor.name() + "' " + tensor.shape()
                        + " does not divide into " + order + " heads of an even size");
            found.put(name, new Source(tensor, order, 0, tensor.shape()));
        }
        return found;
    }

    /** One matrix an expert, stacked along the outermost dimension. */
    private void addExperts(GgufTensor tensor, String names, Map<String, Source> found) {
        if (tensor.shape().size() != 3 || tensor.shape().getFirst() > MOST_EXPERTS)
            throw new UnavailableFailure(metadata.name() + ": tensor '" + tensor.name() + "' " + tensor.shape()
                    + " stacks no experts; expected at most " + MOST_EXPERTS + " matrices");
        long rows = tensor.shape().get(1);
        for (long expert = 0; expert < tensor.shape().getFirst(); expert++)
            found.put(
                    String.format(Locale.ROOT, names, expert),
                    new Source(tensor, 0, expert * rows, tensor.shape().subList(1, 3)));
    }

    public Path path() {
        return file.path();
    }

    /** What the folder's JSON files would say, by name: config.json, generation_config.json, tokenizer.json, tokenizer_config.json. */
    public Map<String, String> files() {
        GgufTokenizer tokenizer = GgufTokenizer.of(metadata);
        ObjectNode generation = config.objectNode();
        for (String key : List.of("bos_token_id", "eos_token_id", "pad_token_id"))
            if (config.has(key)) generation.set(key, config.get(key));
        metadata.id("tokenizer.ggml.eot_token_id")
                .filter(id -> config.has("eos_token_id")
                        && id != config.get("eos_token_id").asLong())
                .ifPresent(id -> generation
                        .putArray("eos_token_id")
                        .add(config.get("eos_token_id").asLong())
                        .add(id));
        Map<String, String> files = new LinkedHashMap<>();
        files.put("config.json", config.toPrettyString());
        files.put("generation_config.json", generation.toPrettyString());
        files.put("tokenizer.json", tokenizer.tokenizer().toString());
        files.put("tokenizer_config.json", tokenizer.tokenizerConfig().toPrettyString());
        return files;
    }

    /** The text of {@code config.json}. */
    public String config() {
        return config.toPrettyString();
    }

    /** Hugging Face names of all tensors, in the file's order. */
    public Set<String> names() {
        return sources.keySet();
    }

    public boolean has(String name) {
        return sources.containsKey(name);
    }

    /**
     * Converts one tensor.
     *
     * @param arena owner of the memory of the result
     * @throws UnavailableFailure if the model has no such tensor
     */
    public Tensor tensor(String name, Arena arena) {
        Optional<Tensor> scalar = xielu.tensor(name, arena);
        if (scalar.isPresent()) return scalar.get();
        @Nullable Source source = sources.get(name);
        if (source == null) throw new UnavailableFailure(file.path() + ": holds nothing for tensor '" + name + "'");
        GgufTensor stored = source.tensor();
        long elements = source.shape().stream().reduce(1L, Math::multiplyExact);
        MemorySegment data = arena.allocate(elements * dtype.bytes(), 8);
        long rows = source.shape().isEmpty() ? 1 : source.shape().getFirst();
        int width = Math.toIntExact(rows == 0 ? 0 : elements / rows);
        float[] row = new float[width];
        for (long r = 0; r < rows; r++) {
            stored.read((source.firstRow() + TensorNames.storedRow(r, rows, source.heads())) * width, width, row, 0);
            write(row, data, r * width);
        }
        return new Tensor(name, dtype, source.shape(), data);
    }

    /** Writes the model as a folder: the JSON files and {@code model.safetensors}. */
    public void write(Path folder) {
        Map<String, String> texts = files();
        List<Declaration> declarations = new ArrayList<>();
        sources.forEach((name, source) -> declarations.add(new Declaration(name, dtype, source.shape())));
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> text : texts.entrySet())
                Files.writeString(folder.resolve(text.getKey()), text.getValue());
        } catch (IOException e) {
            throw new UnavailableFailure(folder + ": cannot be written: " + e, e);
        }
        Path weights = folder.resolve("model.safetensors");
        try (var writer = SafetensorsWriter.create(weights, Map.of("format", "pt"), declarations)) {
            for (String name : sources.keySet()) {
                try (Arena arena = Arena.ofConfined()) {
                    writer.write(name, tensor(name, arena).data());
                }
            }
            writer.commit();
        }
    }

    private void write(float[] row, MemorySegment data, long first) {
        for (int i = 0; i < row.length; i++) {
            if (dtype == DType.BF16) data.set(SHORT, (first + i) * 2, BFloat16.fromFloat(row[i]));
            else data.set(FLOAT, (first + i) * 4, row[i]);
        }
    }

    /** Unmaps the file; tensors already converted stay. */
    @Override
    public void close() {
        file.close();
    }
}
