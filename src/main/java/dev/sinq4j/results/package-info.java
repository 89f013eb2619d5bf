/** The results store: what a run leaves behind and a report is made of. */
@NullMarked
package dev.sinq4j.results;

import org.jspecify.annotations.NullMarked;
