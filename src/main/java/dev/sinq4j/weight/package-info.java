/** The stored forms of a linear layer's matrix. */
@NullMarked
package dev.sinq4j.weight;

import org.jspecify.annotations.NullMarked;
