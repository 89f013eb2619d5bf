package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.SinqCheckpoint;
import dev.sinq4j.checkpoint.SinqCheckpoint.Packed;
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
 * What a model's weights take in memory where it is used as it is stored, from headers alone: mapped numbers as they lie in the
 * file, a GGUF file's blocks widened to bf16, packed matrices as the kernels lay them out.
 *
 * @param bytes   of all weights
 * @param loading of the largest packed matrix while it is decoded
 */
record StoredForms(long bytes, long loading) {

    private static final int HALF = 2;

    static StoredForms of(ModelSource source) {
        Architecture architecture = source.architecture();
        long bytes = ends(source);
        long loading = 0;
        for (Layer layer : architecture.layers()) {
            for (Linear linear : layer.linears()) {
                bytes += laidOut(source, linear);
                loading = Math.max(loading, decoding(source, linear));
            }
            bytes += Float.BYTES
                    * layer.parameters().stream().mapToLong(Parameter::elements).sum();
        }
        return new StoredForms(bytes, loading);
    }

    private static long laidOut(ModelSource source, Linear linear) {
        return packed(source, linear)
                .map(form -> LaidOutSize.packed(form.bits(), form.group(), linear.rows(), linear.columns()))
                .orElseGet(() -> dense(source, linear));
    }

    private static long dense(ModelSource source, Linear linear) {
        return isMapped(source) ? mapped(source, linear) : HALF * linear.elements();
    }

    private static boolean isMapped(ModelSource source) {
        return source instanceof ModelFiles || source instanceof SinqCheckpoint;
    }

    /** Embedding, head and last norm; a tied head lies where the embedding does. */
    private static long ends(ModelSource source) {
        Architecture architecture = source.architecture();
        long head = architecture.tied() ? 0 : dense(source, architecture.head());
        return embedding(source) + head + Float.BYTES * architecture.finalNorm().elements();
    }

    private static long embedding(ModelSource source) {
        Parameter table = source.architecture().embedding();
        if (!isMapped(source)) return HALF * table.elements();
        try (Arena unused = Arena.ofConfined()) {
            return source.tensor(table, unused).data().byteSize();
        }
    }

    /** A matrix that stays where it is mapped. */
    private static long mapped(ModelSource source, Linear linear) {
        try (Arena unused = Arena.ofConfined()) {
            return source.weight(linear, unused) instanceof DenseWeight dense
                    ? dense.tensor().data().byteSize()
                    : HALF * linear.elements();
        }
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
