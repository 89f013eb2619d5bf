/** Pre-SINQ: moves column scales of a model's matrices into what feeds them, so that any method finds even columns. */
@NullMarked
package dev.sinq4j.presinq;

import org.jspecify.annotations.NullMarked;
