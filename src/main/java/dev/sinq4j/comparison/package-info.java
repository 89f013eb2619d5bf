/** Compares the results of two runs, cell by cell: the accuracy gate. Knows stored results alone. */
@NullMarked
package dev.sinq4j.comparison;

import org.jspecify.annotations.NullMarked;
