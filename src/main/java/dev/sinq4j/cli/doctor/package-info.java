/** What {@code doctor} looks at. */
@NullMarked
package dev.sinq4j.cli.doctor;

import org.jspecify.annotations.NullMarked;
