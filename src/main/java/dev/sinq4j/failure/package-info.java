/** Failures a user can mend, and the exit statuses they map to. */
@NullMarked
package dev.sinq4j.failure;

import org.jspecify.annotations.NullMarked;
