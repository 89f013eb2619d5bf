/** Starts the program on a JDK 25. Runs in Maven's own JVM, hence compiled for Java 17. */
@NullMarked
package dev.sinq4j.launch;

import org.jspecify.annotations.NullMarked;
