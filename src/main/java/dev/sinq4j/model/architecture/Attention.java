package dev.sinq4j.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a layer lets tokens see each other. */
public sealed interface Attention {

    /** {@link #window} of a layer that sees all positions before it. */
    int NO_WINDOW = Integer.MAX_VALUE;

    /** Query heads. */
    int heads();

    /** Key and value heads; divides {@link #heads}. */
    int kvHeads();

    /** Numbers of one query or key head. */
    int keyDim();

    /** Numbers of one value head. */
    int valueDim();

    /** Positions a query sees, itself included. */
    int window();

    /** Matrices, in the order they are used. */
    List<Linear> linears();

    /** Norm weights. */
    List<Parameter> parameters();

    /** Matrix from (heads, valueDim) back to hidden. */
    Linear output();

    /** Numbers one position takes in the key and value cache. */
    default long cachedNumbers() {
        return (long) kvHeads() * (keyDim() + valueDim());
    }

    /**
     * Queries, keys and values straight from the hidden state; several query heads may share a key head.
     *
     * @param headDim     numbers of a head
     * @param projections to queries, keys and values
     * @param norm        RMSNorm over each query and key head before the rotation, where the family has it
     * @param scale       factor on the scores
     * @param rope        rotary embedding of queries and keys
     */
    record GroupedQuery(
            int heads,
            int kvHeads,
            int headDim,
            int window,
            QueryKeyValue projections,
            Linear output,
            Optional<QueryKeyNorm> norm,
            float scale,
            RopeKind rope)
            implements Attention {

        /** With the usual scale, 1 / sqrt(headDim), and the model's rotary embedding. */
        public GroupedQuery(
                int heads,
                int kvHeads,
                int headDim,
                int window,
                QueryKeyValue projections,
                Linear output,
                Optional<QueryKeyNorm> norm) {
            this(
                    heads,
                    kvHeads,
                    headDim,
                    window,
                    projections,
                    output,
                    norm,
                    (float) (1 / Math.sqrt(headDim)),
                    RopeKind.GLOBAL);
        }

        @Override
        public int keyDim() {
            return headDim;
        }

        @Override
        public int valueDim() {
            return headDim;
        }

        @Override
        public List<Linear> linears() {
            return Stream.concat(projections.linears().stream(), Stream.of(output))
                    .toList();
        }

        @Override
        public List<Parameter> parameters() {
            return norm.map(n -> List.of(n.query(), n.key())).orElse(List.of());
        }
    }

    /**
     * Multi-head latent attention (DeepSeek-V2): keys and values are expanded from a narrow vector; a part of each head is
     * rotated, and that part of the key is shared by all heads.
     *
     * @param nopeDim  numbers of a head that are not rotated
     * @param ropeDim  numbers of a head that are, stored as neighbouring pairs (2i, 2i + 1)
     * @param query    from hidden to (heads, nopeDim + ropeDim)
     * @param kvRank   width of the narrow vector
     * @param kvA      hidden to (kvRank + ropeDim)
     * @param kvNorm   over kvRank
     * @param kvB      kvRank to (heads, nopeDim + valueDim)
     * @param rankNormEps of {@code kvNorm} and the query's norm
     */
    record Latent(
            int heads,
            int nopeDim,
            int ropeDim,
            int valueDim,
            LatentQuery query,
            int kvRank,
            Linear kvA,
            Parameter kvNorm,
            Linear kvB,
            Linear output,
            float rankNormEps)
            implements Attention {
        @Override
        public int kvHeads() {
            return heads;
        }

        @Override
        public int keyDim() {
            return nopeDim + ropeDim;
        }

        @Override
        public int window() {
            return NO_WINDOW;
        }

        @Override
        public List<Linear> linears() {
            List<Linear> all = new ArrayList<>(query.linears());
            all.addAll(List.of(kvA, kvB, output));
            return all;
        }

        @Override
        public List<Parameter> parameters() {
            List<Parameter> all = new ArrayList<>(query.parameters());
            all.add(kvNorm);
            return all;
        }
    }

    /** Which of a model's rotary embeddings a layer uses. */
    enum RopeKind {
        /** The one every model has. */
        GLOBAL,
        /** The one for layers with a window, in models that have two. */
        LOCAL
    }

    /** Weights of the norms over query and key heads, (headDim) each. */
    record QueryKeyNorm(Parameter query, Parameter key) {}

    /** The matrices to queries, keys and values. */
    sealed interface QueryKeyValue {
        List<Linear> linears();

        /** One matrix each. */
        record Separate(Linear q, Linear k, Linear v) implements QueryKeyValue {
            @Override
            public List<Linear> linears() {
                return List.of(q, k, v);
            }
        }

        /** One matrix whose rows are those of q, k and v in this order. */
        record Fused(Linear qkv) implements QueryKeyValue {
            @Override
            public List<Linear> linears() {
                return List.of(qkv);
            }
        }
    }

    /** Latent attention's way from hidden to queries. */
    sealed interface LatentQuery {
        List<Linear> linears();

        List<Parameter> parameters();

        /** One matrix. */
        record Direct(Linear q) implements LatentQuery {
            @Override
            public List<Linear> linears() {
                return List.of(q);
            }

            @Override
            public List<Parameter> parameters() {
                return List.of();
            }
        }

        /** Through a narrow vector that is normalized. */
        record LowRank(Linear qA, Parameter norm, Linear qB) implements LatentQuery {
            @Override
            public List<Linear> linears() {
                return List.of(qA, qB);
            }

            @Override
            public List<Parameter> parameters() {
                return List.of(norm);
            }
        }
    }
}
