/** The arithmetic of inference on the CPU. Sole user of jdk.incubator.vector. */
@NullMarked
package dev.sinq4j.kernel;

import org.jspecify.annotations.NullMarked;
