/**
 * Quantizing one linear layer: normalization, activation scale, rounding to codes, storage of scales and zeros. Each step
 * states its formula and follows the SINQ reference (commit bbbc657) bit for bit unless it says otherwise.
 */
@NullMarked
package dev.sinq4j.quant;

import org.jspecify.annotations.NullMarked;
