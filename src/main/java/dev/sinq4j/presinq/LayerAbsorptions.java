package dev.sinq4j.presinq;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.PreSinq.Absorption;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.Attention.Latent;
import dev.sinq4j.model.architecture.Attention.LatentQuery;
import dev.sinq4j.model.architecture.Attention.QueryKeyValue;
import dev.sinq4j.model.architecture.FeedForward;
import dev.sinq4j.model.architecture.FeedForward.Experts;
import dev.sinq4j.model.architecture.FeedForward.GateUp;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import dev.sinq4j.model.architecture.FeedForward.Xielu;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.presinq.Absorbed.Producer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where a layer's scales may be moved, in the reference's order: o, down, what attention's norm feeds, what the feed-forward
 * network's norm feeds. What a norm feeds is everything that reads it, a router and shared experts too; the reference's
 * scripts forget those, and the biases of v and up.
 */
final class LayerAbsorptions {

    private LayerAbsorptions() {}

    /**
     * @param wanted empty for all that are valid but {@link Absorption#OUT}
     * @throws UsageFailure if one is asked for by name that would change the model's function
     */
    static List<Absorbed> of(Layer layer, List<Absorption> wanted) {
        if (wanted.contains(Absorption.DOWN) && layer.feedForward() instanceof Xielu)
            throw new UsageFailure(
                    "pre-SINQ: absorb 'down' moves the scale of down's columns through the activation, which has to be"
                        + " linear in up's output; xIELU is not (xIELU(t x) is not t xIELU(x)), so a model with it can"
                        + " have qkv, gate-up and out");
        return Stream.of(output(layer), down(layer.feedForward()), attentionInput(layer), feedForwardInput(layer))
                .flatMap(List::stream)
                .filter(absorbed ->
                        wanted.isEmpty() ? absorbed.kind() != Absorption.OUT : wanted.contains(absorbed.kind()))
                .toList();
    }

    private static List<Absorbed> output(Layer layer) {
        Linear output = layer.attention().output();
        int[] rows = valueRows(layer.attention());
        Linear producer = switch (layer.attention()) {
            case GroupedQuery grouped ->
                switch (grouped.projections()) {
                    case QueryKeyValue.Separate separate -> separate.v();
                    case QueryKeyValue.Fused fused -> fused.qkv();
                };
            case Latent latent -> latent.kvB();
        };
        return List.of(
                new Absorbed(Absorption.OUT, List.of(output), List.of(output), new Producer.Rows(producer), rows));
    }

    /** Of each number that o reads, the row that makes it: query head h reads value head floor(h / sharing). */
    private static int[] valueRows(Attention attention) {
        return switch (attention) {
            case GroupedQuery grouped -> {
                int before = grouped.projections() instanceof QueryKeyValue.Fused
                        ? (grouped.heads() + grouped.kvHeads()) * grouped.headDim()
                        : 0;
                int sharing = grouped.heads() / grouped.kvHeads();
                yield IntStream.range(0, grouped.heads() * grouped.headDim())
                        .map(c -> before + c / grouped.headDim() / sharing * grouped.headDim() + c % grouped.headDim())
                        .toArray();
            }
            case Latent latent ->
                IntStream.range(0, latent.heads() * latent.valueDim())
                        .map(c -> c / latent.valueDim() * (latent.nopeDim() + latent.valueDim())
                                + latent.nopeDim()
                                + c % latent.valueDim())
                        .toArray();
        };
    }

    private static List<Absorbed> down(FeedForward feedForward) {
        return switch (feedForward) {
            case Gated gated -> List.of(down(gated));
            case Xielu _ -> List.of();
            case Experts experts ->
                Stream.concat(experts.experts().stream(), experts.shared().stream())
                        .map(LayerAbsorptions::down)
                        .toList();
        };
    }

    private static Absorbed down(Gated gated) {
        return switch (gated.projections()) {
            case GateUp.Separate separate -> down(gated, separate.up(), 0);
            case GateUp.Fused fused -> down(gated, fused.gateUp(), gated.width());
        };
    }

    private static Absorbed down(Gated gated, Linear up, int firstRow) {
        List<Linear> down = List.of(gated.down());
        int[] rows = IntStream.range(firstRow, firstRow + gated.width()).toArray();
        return new Absorbed(Absorption.DOWN, down, down, new Producer.Rows(up), rows);
    }

    private static List<Absorbed> attentionInput(Layer layer) {
        return switch (layer.attention()) {
            case GroupedQuery grouped ->
                List.of(fromNorm(
                        Absorption.QKV,
                        layer.attentionNorm(),
                        grouped.projections().linears()));
            case Latent latent -> latentInputs(layer.attentionNorm(), latent);
        };
    }

    /** The hidden state feeds the way to the queries and that to keys and values; each narrow vector has a norm of its own. */
    private static List<Absorbed> latentInputs(Parameter norm, Latent latent) {
        List<Absorbed> all = new ArrayList<>();
        switch (latent.query()) {
            case LatentQuery.Direct direct ->
                all.add(fromNorm(Absorption.QKV, norm, List.of(direct.q(), latent.kvA())));
            case LatentQuery.LowRank lowRank -> {
                all.add(fromNorm(Absorption.QKV, norm, List.of(lowRank.qA(), latent.kvA())));
                all.add(fromNorm(Absorption.QKV, lowRank.norm(), List.of(lowRank.qB())));
            }
        }
        all.add(fromNorm(Absorption.QKV, latent.kvNorm(), List.of(latent.kvB())));
        return all;
    }

    private static List<Absorbed> feedForwardInput(Layer layer) {
        List<Linear> readers = switch (layer.feedForward()) {
            case Gated gated -> gated.projections().linears();
            case Xielu xielu -> List.of(xielu.up());
            case Experts experts ->
                Stream.concat(
                                Stream.of(experts.router()),
                                Stream.concat(experts.experts().stream(), experts.shared().stream())
                                        .flatMap(gated -> gated.projections().linears().stream()))
                        .toList();
        };
        return List.of(fromNorm(Absorption.GATE_UP, layer.feedForwardNorm(), readers));
    }

    private static Absorbed fromNorm(Absorption kind, Parameter norm, List<Linear> readers) {
        int[] same = IntStream.range(0, readers.getFirst().columns()).toArray();
        List<Linear> deciding = readers.stream().filter(Linear::quantizable).toList();
        return new Absorbed(kind, readers, deciding, new Producer.Norm(norm), same);
    }
}
