/** The commands: options in, exit status out. Nothing else knows this room. */
@NullMarked
package dev.sinq4j.cli;

import org.jspecify.annotations.NullMarked;
