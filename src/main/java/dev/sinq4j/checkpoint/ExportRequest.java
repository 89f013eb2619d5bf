package dev.sinq4j.checkpoint;

import dev.sinq4j.method.Method;
import dev.sinq4j.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to write and where.
 *
 * @param config        the model's config.json; tokenizer files are taken from beside it
 * @param method        what is done to the layers
 * @param layers        does it
 * @param format        of the checkpoint
 * @param type          of what is not quantized, or of everything in a dense checkpoint; where absent, the model's own (fp16 for
 *                      NF4 and NF3 in the reference's format, whose modules work in nothing else)
 * @param maxShardBytes most bytes of a shard's tensors
 * @param out           folder to create
 * @param replace       whether a model that is there may be replaced
 */
public record ExportRequest(
        Path config,
        Method method,
        LayerStream layers,
        ExportFormat format,
        Optional<DType> type,
        long maxShardBytes,
        Path out,
        boolean replace) {

    /** The reference's default, 4 GB. */
    public static final long MAX_SHARD_BYTES = 4L << 30;
}
