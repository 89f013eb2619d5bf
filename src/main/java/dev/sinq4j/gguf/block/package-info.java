/** Encoders of GGUF's block formats: numbers to the bytes of one block. */
@NullMarked
package dev.sinq4j.gguf.block;

import org.jspecify.annotations.NullMarked;
