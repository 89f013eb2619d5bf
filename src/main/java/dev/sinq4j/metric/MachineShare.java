package dev.sinq4j.metric;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.kernel.MachineProbe;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.FeedForward;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.results.Metrics.Throughput;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The best of a model's speeds as shares of what this machine can do, measured in the same process. Decode: bytes of the
 * weights that one step reads, whatever the batch, and of the keys and values of its sequences, of what reading memory reaches.
 * Prefill: multiplications and additions of the layers' matrices and of attention, of the fp32 peak; softmax, norms and the
 * head's last row are not counted. Of several batches the first counts. A model with experts has no shares: a token uses some
 * of its weights, a prompt all.
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record MachineShare(
        double readBytesPerSecond,
        double fp32OperationsPerSecond,
        @Nullable Double decodeShare,
        @Nullable Double prefillShare) {

    public static MachineShare of(LanguageModel model, Throughput speed, MachineProbe probe) {
        Architecture architecture = model.architecture();
        boolean experts = architecture.layers().stream().anyMatch(l -> l.feedForward() instanceof FeedForward.Experts);
        if (experts) return new MachineShare(probe.readBytesPerSecond(), probe.fp32OperationsPerSecond(), null, null);
        double steps = Collections.max(speed.decodeTokensPerSecond()) / speed.batch();
        double prompts = Collections.max(speed.prefillTokensPerSecond()) / speed.promptTokens();
        double bytes = model.bytesReadPerToken()
                + speed.batch() * cachedBytes(architecture, speed.promptTokens(), speed.generateTokens());
        return new MachineShare(
                probe.readBytesPerSecond(),
                probe.fp32OperationsPerSecond(),
                steps * bytes / probe.readBytesPerSecond(),
                prompts * operations(architecture, speed.promptTokens()) / probe.fp32OperationsPerSecond());
    }

    /** Multiplications and additions of a prompt. */
    static double operations(Architecture architecture, int tokens) {
        double matrices = 2.0
                * tokens
                * architecture.linears().stream().mapToLong(Linear::elements).sum();
        double attention = 0;
        for (Layer layer : architecture.layers()) {
            Attention shape = layer.attention();
            attention += 2.0 * shape.heads() * (shape.keyDim() + shape.valueDim()) * pairs(shape, 0, tokens);
        }
        return matrices + attention;
    }

    /** Bytes of keys and values that one step reads, the mean of all steps after a prompt. */
    static double cachedBytes(Architecture architecture, int prompt, int steps) {
        double bytes = 0;
        for (Layer layer : architecture.layers()) {
            Attention shape = layer.attention();
            bytes += (double) Float.BYTES * shape.cachedNumbers() * pairs(shape, prompt, prompt + steps) / steps;
        }
        return bytes;
    }

    /** How many keys the queries at positions {@code from .. to - 1} see together. */
    private static double pairs(Attention attention, int from, int to) {
        double pairs = 0;
        for (int position = from; position < to; position++) pairs += Math.min(position + 1, attention.window());
        return pairs;
    }
}
