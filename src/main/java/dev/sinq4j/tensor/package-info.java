/** Numbers as files store them: element types and off-heap tensors. */
@NullMarked
package dev.sinq4j.tensor;

import org.jspecify.annotations.NullMarked;
