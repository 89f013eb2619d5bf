package dev.sinq4j.safetensors;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The weights in a model's folder: one {@code model.safetensors}, or shards with an index. Owns the mapped memory of all tensors.
 */
public final class SafetensorsFolder implements AutoCloseable {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> PICKLES = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

    private final Path folder;
    private final List<SafetensorsFile> shards;
    private final List<Path> files;
    private final Map<String, Tensor> tensors;

    private SafetensorsFolder(
            Path folder, List<SafetensorsFile> shards, List<Path> files, Map<String, Tensor> tensors) {
        this.folder = folder;
        this.shards = List.copyOf(shards);
        this.files = List.copyOf(files);
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /** Whether the folder holds weights in this format, well-formed or not. */
    public static boolean isPresent(Path folder) {
        return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
    }

    /**
     * Maps all shards and checks each of them and the index against them.
     *
     * @throws UnavailableFailure if something is missing, damaged or contradictory
     */
    public static SafetensorsFolder open(Path folder) {
        if (Files.exists(folder.resolve(SINGLE))) return openSingle(folder);
        if (Files.exists(folder.resolve(INDEX))) return openSharded(folder);
        throw new UnavailableFailure(folder + ": neither " + SINGLE + " nor " + INDEX + " is there"
                + pickle(folder).map(SafetensorsFolder::notRead).orElse(""));
    }

    /** A file of weights whose format is a program. */
    private static Optional<String> pickle(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> PICKLES.stream().anyMatch(name::endsWith))
                    .min(Comparator.naturalOrder());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static String notRead(String pickle) {
        return "; " + pickle + " is not read, since loading such a file runs whatever code is in it: take the model's"
                + " safetensors, or convert it where you trust it";
    }

    private static SafetensorsFolder openSingle(Path folder) {
        SafetensorsFile file = SafetensorsFile.open(folder.resolve(SINGLE));
        return new SafetensorsFolder(folder, List.of(file), List.of(file.path()), file.tensors());
    }

    private static SafetensorsFolder openSharded(Path folder) {
        Path indexPath = folder.resolve(INDEX);
        ShardIndex index = ShardIndex.read(indexPath);
        List<SafetensorsFile> shards = new ArrayList<>();
        try {
            List<Path> files = new ArrayList<>(List.of(indexPath));
            Map<String, String> holders = new LinkedHashMap<>();
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : index.files()) {
                Path path = folder.resolve(name);
                if (!Files.exists(path))
                    throw new UnavailableFailure(
                            INDEX + ": the shard '" + name + "' is not in " + folder + "; fetch the model again");
                SafetensorsFile shard = SafetensorsFile.open(path);
                shards.add(shard);
                files.add(path);
                collect(index, name, shard, holders, tensors);
            }
            checkComplete(index, tensors);
            return new SafetensorsFolder(folder, shards, files, tensors);
        } catch (RuntimeException | Error e) {
            shards.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private static void collect(
            ShardIndex index,
            String name,
            SafetensorsFile shard,
            Map<String, String> holders,
            Map<String, Tensor> tensors) {
        for (Tensor tensor : shard.tensors().values()) {
            @Nullable String other = holders.put(tensor.name(), name);
            if (other != null)
                throw new UnavailableFailure(name + ": tensor '" + tensor.name() + "' is in " + other + " too");
            @Nullable String listed = index.shards().get(tensor.name());
            if (listed == null)
                throw new UnavailableFailure(name + ": tensor '" + tensor.name() + "' is not listed in " + INDEX);
            tensors.put(tensor.name(), tensor);
        }
        index.shards().forEach((tensor, holder) -> {
            if (holder.equals(name) && !shard.tensors().containsKey(tensor))
                throw new UnavailableFailure(
                        name + ": tensor '" + tensor + "' is not there, though " + INDEX + " lists it there");
        });
    }

    private static void checkComplete(ShardIndex index, Map<String, Tensor> tensors) {
        long bytes =
                tensors.values().stream().mapToLong(t -> t.data().byteSize()).sum();
        index.totalSize().ifPresent(total -> {
            if (total != bytes)
                throw new UnavailableFailure(
                        INDEX + ": total_size is " + total + " but the tensors take " + bytes + " bytes");
        });
    }

    public Path path() {
        return folder;
    }

    /** The weights' files, the index first if there is one; what identifies the model when hashed. */
    public List<Path> files() {
        return files;
    }

    /** The tensors' names, shard by shard in the order of their data. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** All tensors by name. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** @throws UnavailableFailure if the model has no such tensor */
    public Tensor tensor(String name) {
        return find(name)
                .orElseThrow(() -> new UnavailableFailure(folder + ": the weights hold no tensor '" + name + "'"));
    }

    /** Unmaps all files; their tensors must not be read any more. */
    @Override
    public void close() {
        shards.forEach(SafetensorsFile::close);
    }
}
