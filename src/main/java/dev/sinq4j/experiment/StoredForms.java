package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.SinqCheckpoint;
import dev.sinq4j.checkpoint.SinqCheckpoint.Packed;
import dev.sinq4j.engine.ModelBytes;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.weight.DenseWeight;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * What a model's weights take where it is used as it is stored, from headers alone. In memory: mapped numbers as they lie in
 * the file, a GGUF file's blocks widened to bf16, packed matrices as the kernels lay them out.
 *
 * @param bytes   of all weights
 * @param loading of the largest packed matrix while it is decoded
 */
record StoredForms(ModelBytes bytes, long loading) {

    private static final int HALF = 2;

    static StoredForms of(ModelSource source) {
        ModelBytes bytes = ends(source);
        long loading = 0;
        for (Layer layer : source.architecture().layers()) {
            for (Linear linear : layer.linears()) {
                bytes = bytes.plus(matrix(source, linear));
                loading = Math.max(loading, decoding(source, linear));
            }
            for (Parameter parameter : layer.parameters()) bytes = bytes.plus(widened(source, parameter));
        }
        return new StoredForms(bytes, loading);
    }

    /** Embedding, head and last norm; a tied head lies where the embedding does. */
    private static ModelBytes ends(ModelSource source) {
        Architecture architecture = source.architecture();
        long embedding = stored(source, architecture.embedding());
        ModelBytes ends = new ModelBytes(embedding, 0, 0, embedding).plus(widened(source, architecture.finalNorm()));
        return architecture.tied() ? ends : ends.plus(matrix(source, architecture.head()));
    }

    private static ModelBytes matrix(ModelSource source, Linear linear) {
        long stored = stored(source, linear);
        long laidOut = packed(source, linear)
                .map(form -> LaidOutSize.packed(form.bits(), form.group(), linear.rows(), linear.columns()))
                .orElseGet(() -> dense(source, linear));
        return linear.quantizable()
                ? new ModelBytes(stored, stored, linear.elements(), laidOut)
                : new ModelBytes(stored, 0, 0, laidOut);
    }

    /** Norms, biases and the like, which are used in fp32. */
    private static ModelBytes widened(ModelSource source, Parameter parameter) {
        return new ModelBytes(stored(source, parameter), 0, 0, Float.BYTES * parameter.elements());
    }

    private static long stored(ModelSource source, Linear linear) {
        return source instanceof SinqCheckpoint checkpoint ? checkpoint.storedBytes(linear) : dense(source, linear);
    }

    private static long stored(ModelSource source, Parameter parameter) {
        if (!isMapped(source)) return HALF * parameter.elements();
        try (Arena unused = Arena.ofConfined()) {
            return source.tensor(parameter, unused).data().byteSize();
        }
    }

    /** A matrix that stays where it is mapped, or is widened to bf16. */
    private static long dense(ModelSource source, Linear linear) {
        if (!isMapped(source)) return HALF * linear.elements();
        try (Arena unused = Arena.ofConfined()) {
            return source.weight(linear, unused) instanceof DenseWeight dense
                    ? dense.tensor().data().byteSize()
                    : HALF * linear.elements();
        }
    }

    private static boolean isMapped(ModelSource source) {
        return source instanceof ModelFiles || source instanceof SinqCheckpoint;
    }

    /** A byte a code and fp32 scales and zeros, and the packed codes in the file. */
    private static long decoding(ModelSource source, Linear linear) {
        return packed(source, linear)
                .map(form -> linear.elements()
                        + 2L * Float.BYTES * linear.elements() / form.group()
                        + linear.elements() * form.bits() / Byte.SIZE)
                .orElse(0L);
    }

    private static Optional<Packed> packed(ModelSource source, Linear linear) {
        return source instanceof SinqCheckpoint checkpoint ? checkpoint.packed(linear) : Optional.empty();
    }
}
