/**
 * The kernels on the JDK's Vector API. What C2 makes of this code depends on habits that look odd: no method takes or
 * returns a vector (past C2's inlining limits every vector would be boxed), loops are unrolled by hand, memory is reached
 * through one segment over everything plus an address, operators and species are {@code static final}.
 */
@NullMarked
package dev.sinq4j.kernel.vector;

import org.jspecify.annotations.NullMarked;
