package dev.sinq4j.metric;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.kernel.MachineProbe;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.FeedForward;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.results.Metrics.Throughput;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The best of a model's speeds as shares of what this machine can do, measured in the same process. Decode: bytes of the
 * weights that one step reads, whatever the batch, of what reading memory reaches; keys and values are not counted. Of several
 * batches the first counts. Prefill: multiplications
 * and additions of the layers' matrices, of the fp32 peak; attention and the head's last row are not counted. A model with
 * experts has no shares: a token uses some of its weights, a prompt all.
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
        double operations = 2.0
                * architecture.linears().stream().mapToLong(Linear::elements).sum();
        return new MachineShare(
                probe.readBytesPerSecond(),
                probe.fp32OperationsPerSecond(),
                Collections.max(speed.decodeTokensPerSecond())
                        / speed.batch()
                        * model.bytesReadPerToken()
                        / probe.readBytesPerSecond(),
                Collections.max(speed.prefillTokensPerSecond()) * operations / probe.fp32OperationsPerSecond());
    }
}
