/** What {@code inspect} shows of a model's files. */
@NullMarked
package dev.sinq4j.cli.inspect;

import org.jspecify.annotations.NullMarked;
