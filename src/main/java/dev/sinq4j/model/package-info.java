/** Models: their architecture and where their tensors come from. */
@NullMarked
package dev.sinq4j.model;

import org.jspecify.annotations.NullMarked;
