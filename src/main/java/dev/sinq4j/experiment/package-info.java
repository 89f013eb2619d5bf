/** Cells of an experiment: their plan, their running, their provenance. */
@NullMarked
package dev.sinq4j.experiment;

import org.jspecify.annotations.NullMarked;
