package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.FeedForward.Routing;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses experts on the host: softmax in fp32 over all, the largest {@code perToken} (of equals the lower index), weights
 * divided by their sum if asked for, times a factor.
 */
record Router(Routing routing, int experts) {

    /**
     * What one expert is to do.
     *
     * @param tokens  rows it is given, ascending
     * @param weights of its outputs
     */
    record Assignment(int[] tokens, float[] weights) {}

    /**
     * @param logits (tokens, experts)
     * @return one assignment an expert, possibly of no token
     */
    List<Assignment> assign(float[] logits, int tokens) {
        int[][] chosen = new int[tokens][];
        float[][] weights = new float[tokens][];
        int[] load = new int[experts];
        for (int t = 0; t < tokens; t++) {
            float[] scores = softmax(logits, t * experts);
            chosen[t] = largest(scores);
            weights[t] = weights(scores, chosen[t]);
            for (int expert : chosen[t]) load[expert]++;
        }
        return collect(chosen, weights, load);
    }

    private List<Assignment> collect(int[][] chosen, float[][] weights, int[] load) {
        List<Assignment> assignments = new ArrayList<>();
        for (int expert = 0; expert < experts; expert++)
            assignments.add(new Assignment(new int[load[expert]], new float[load[expert]]));
        int[] filled = new int[experts];
        for (int t = 0; t < chosen.length; t++)
            for (int i = 0; i < chosen[t].length; i++) {
                int expert = chosen[t][i];
                int at = filled[expert]++;
                assignments.get(expert).tokens()[at] = t;
                assignments.get(expert).weights()[at] = weights[t][i];
            }
        return assignments;
    }

    private float[] softmax(float[] logits, int at) {
        float max = Float.NEGATIVE_INFINITY;
        for (int e = 0; e < experts; e++) max = Math.max(max, logits[at + e]);
        float[] scores = new float[experts];
        double sum = 0;
        for (int e = 0; e < experts; e++) {
            scores[e] = (float) Math.exp(logits[at + e] - max);
            sum += scores[e];
        }
        for (int e = 0; e < experts; e++) scores[e] /= (float) sum;
        return scores;
    }

    private int[] largest(float[] scores) {
        boolean[] open = openGroups(scores);
        int[] chosen = new int[routing.perToken()];
        boolean[] taken = new boolean[experts];
        int perGroup = experts / routing.groups();
        for (int i = 0; i < chosen.length; i++) {
            int best = -1;
            for (int e = 0; e < experts; e++)
                if (open[e / perGroup] && !taken[e] && (best < 0 || scores[e] > scores[best])) best = e;
            taken[best] = true;
            chosen[i] = best;
        }
        return chosen;
    }

    /** The groups whose largest expert is among the largest of all groups. */
    private boolean[] openGroups(float[] scores) {
        int groups = routing.groups();
        float[] best = new float[groups];
        for (int e = 0; e < experts; e++) {
            int group = e / (experts / groups);
            best[group] = Math.max(best[group], scores[e]);
        }
        boolean[] open = new boolean[groups];
        for (int i = 0; i < routing.openGroups(); i++) {
            int next = -1;
            for (int g = 0; g < groups; g++) if (!open[g] && (next < 0 || best[g] > best[next])) next = g;
            open[next] = true;
        }
        return open;
    }

    private float[] weights(float[] scores, int[] chosen) {
        float[] weights = new float[chosen.length];
        float sum = 0;
        for (int i = 0; i < chosen.length; i++) {
            weights[i] = scores[chosen[i]];
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++)
            weights[i] = (routing.renormalize() ? weights[i] / sum : weights[i]) * routing.factor();
        return weights;
    }
}
