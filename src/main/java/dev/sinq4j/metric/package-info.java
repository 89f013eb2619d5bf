/** What is measured on a model: perplexity, divergence from the dense model, memory, throughput, tasks. */
@NullMarked
package dev.sinq4j.metric;

import org.jspecify.annotations.NullMarked;
