/** One decoder for every family and backend: prefill, decode, losses, generation, calibration. */
@NullMarked
package dev.sinq4j.engine;

import org.jspecify.annotations.NullMarked;
