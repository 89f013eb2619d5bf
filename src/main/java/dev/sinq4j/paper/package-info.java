/** Numbers that a paper states, as data to compare with. */
@NullMarked
package dev.sinq4j.paper;

import org.jspecify.annotations.NullMarked;
