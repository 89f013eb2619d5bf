/**
 * Models on disk: the SINQ reference's quantized checkpoint (commit bbbc657) in both directions, plain safetensors, and
 * the cache of layers already quantized.
 */
@NullMarked
package dev.sinq4j.checkpoint;

import org.jspecify.annotations.NullMarked;
