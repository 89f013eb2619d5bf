/** Descriptions of quantization methods: what a configuration asks for and a result says was done. */
@NullMarked
package dev.sinq4j.method;

import org.jspecify.annotations.NullMarked;
