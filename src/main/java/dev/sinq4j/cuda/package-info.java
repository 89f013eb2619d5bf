/** The arithmetic of inference and quantizing on an NVIDIA GPU. Sole user of JCuda. */
@NullMarked
package dev.sinq4j.cuda;

import org.jspecify.annotations.NullMarked;
