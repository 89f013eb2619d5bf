/** YAML text to records, with the position of every mistake; knows nothing of experiments. */
@NullMarked
package dev.sinq4j.config.bind;

import org.jspecify.annotations.NullMarked;
