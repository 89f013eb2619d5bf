/** Second-order information about a layer's inputs, in fp64. */
@NullMarked
package dev.sinq4j.quant.hessian;

import org.jspecify.annotations.NullMarked;
