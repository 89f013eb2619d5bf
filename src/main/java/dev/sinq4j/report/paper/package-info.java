/** What was measured beside what a paper states: number by number, and the order of the methods. */
@NullMarked
package dev.sinq4j.report.paper;

import org.jspecify.annotations.NullMarked;
