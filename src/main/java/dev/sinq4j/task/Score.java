package dev.sinq4j.task;

/**
 * What a model makes of a continuation.
 *
 * @param logLikelihood of all its tokens together, nats
 * @param greedy        whether each is the likeliest
 */
record Score(double logLikelihood, boolean greedy) {}
