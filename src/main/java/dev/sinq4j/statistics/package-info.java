/** The few formulas of statistics that tables and comparisons need; knows no other room. */
@NullMarked
package dev.sinq4j.statistics;

import org.jspecify.annotations.NullMarked;
