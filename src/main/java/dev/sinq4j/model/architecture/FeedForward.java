package dev.sinq4j.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a layer does to each token by itself. */
public sealed interface FeedForward {

    /** Matrices, in the order they are used. */
    List<Linear> linears();

    /** Tensors that are no matrices. */
    List<Parameter> parameters();

    /**
     * A gated network: {@code down(f(gate x) * up x)}.
     *
     * @param width numbers between
     * @param gate  f
     */
    record Gated(int width, GateUp projections, Linear down, Gate gate) implements FeedForward {

        /** SwiGLU. */
        public Gated(int width, GateUp projections, Linear down) {
            this(width, projections, down, Gate.SILU);
        }

        @Override
        public List<Linear> linears() {
            List<Linear> all = new ArrayList<>(projections.linears());
            all.add(down);
            return all;
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }
    }

    /**
     * {@code down(xIELU(up x))}, no gate (Apertus).
     *
     * @param width numbers between
     * @param alphaP before softplus, (1)
     * @param alphaN before softplus, (1)
     * @param beta  scalar
     * @param eps   scalar, negative
     */
    record Xielu(int width, Linear up, Linear down, Parameter alphaP, Parameter alphaN, Parameter beta, Parameter eps)
            implements FeedForward {
        @Override
        public List<Linear> linears() {
            return List.of(up, down);
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(alphaP, alphaN, beta, eps);
        }
    }

    /**
     * A router sends each token to a few of many gated networks; their outputs are weighted and summed, and those of shared
     * networks added.
     *
     * @param router hidden to one number an expert
     */
    record Experts(Linear router, Routing routing, List<Gated> experts, Optional<Gated> shared) implements FeedForward {
        public Experts {
            experts = List.copyOf(experts);
        }

        @Override
        public List<Linear> linears() {
            List<Linear> all = new ArrayList<>();
            all.add(router);
            experts.forEach(expert -> all.addAll(expert.linears()));
            shared.ifPresent(network -> all.addAll(network.linears()));
            return all;
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }
    }

    /** What a gate's numbers go through. */
    enum Gate {
        /** x sigmoid(x): SwiGLU. */
        SILU,
        /** GELU in its tanh approximation: GeGLU. */
        GELU_TANH
    }

    /** The matrices of a gated network's first step. */
    sealed interface GateUp {
        List<Linear> linears();

        /** One matrix each. */
        record Separate(Linear gate, Linear up) implements GateUp {
            @Override
            public List<Linear> linears() {
                return List.of(gate, up);
            }
        }

        /** One matrix, gate rows first. */
        record Fused(Linear gateUp) implements GateUp {
            @Override
            public List<Linear> linears() {
                return List.of(gateUp);
            }
        }
    }

    /**
     * Softmax in fp32 over all experts, the largest {@code perToken} chosen.
     *
     * @param perToken    experts a token is sent to
     * @param renormalize whether the chosen weights are divided by their sum
     * @param factor      on the weights
     * @param groups      the experts in equal groups, of which only {@code openGroups}, those with the largest expert, are
     *                    eligible; 1 for no groups
     * @param openGroups  see {@code groups}
     */
    record Routing(int perToken, boolean renormalize, float factor, int groups, int openGroups) {}
}
