package dev.sinq4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.gguf.GgufModel;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.family.Families;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;

/** A model in one GGUF file, its blocks widened to bf16 a tensor at a time, in the caller's arena. */
public final class GgufSource implements ModelSource {

    private final GgufModel model;
    private final Architecture architecture;

    private GgufSource(GgufModel model, Architecture architecture) {
        this.model = model;
        this.architecture = architecture;
    }

    /**
     * @throws UnavailableFailure if the file is missing, damaged, or of an unknown family
     */
    public static GgufSource open(Path file) {
        GgufModel model = GgufModel.open(file);
        try {
            return new GgufSource(model, Families.read(file.toString(), new ObjectMapper().readTree(model.config())));
        } catch (JsonProcessingException e) {
            model.close();
            throw new IllegalStateException("the configuration made of a GGUF file is JSON", e);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /** The texts of the tokenizer's files, made from the file's metadata, by file name. */
    public Map<String, String> tokenizerFiles() {
        return model.files();
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public String description() {
        return model.path().toString();
    }

    @Override
    public Weight weight(Linear linear, Arena arena) {
        return new DenseWeight(model.tensor(linear.tensor(), arena));
    }

    @Override
    public Tensor tensor(Parameter parameter, Arena arena) {
        return model.tensor(parameter.name(), arena);
    }

    @Override
    public Map<String, String> sha256() {
        return Map.of(String.valueOf(model.path().getFileName()), FileSum.sha256(model.path()));
    }

    @Override
    public boolean synthetic() {
        return false;
    }

    @Override
    public void close() {
        model.close();
    }
}
