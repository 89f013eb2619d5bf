/** Cells as tasks of Apache Spark. Compiled only in the Maven profile {@code cluster}; sole user of Spark. */
@NullMarked
package dev.sinq4j.cluster;

import org.jspecify.annotations.NullMarked;
